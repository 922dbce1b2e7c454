"""What the staff write to the families of an activity, and whom it reaches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.notifications.model.families import Family, channel_for
from services.notifications.model.letters import capitals
from services.notifications.model.messages import Draft


@dataclass(frozen=True, slots=True)
class Audience:
    """The families of an activity; of one day only, or of one class only, when they are given."""

    activity_id: UUID
    day: date | None
    school_class: str | None
    today: date

    def holds(self, school_class: str | None) -> bool:
        """Whether a child of this class is meant, however the class is written."""
        if self.school_class is None:
            return True
        return capitals(school_class or "") == capitals(self.school_class)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What the staff wrote to the families of an activity."""

    broadcast_id: UUID
    activity_id: UUID
    day: date | None
    school_class: str | None
    subject: str
    body: str
    families: int
    sent_by: UUID | None
    created_at: datetime

    def to(self, family_id: UUID) -> Draft:
        """The message to one family."""
        return Draft(
            cause=f"broadcast:{self.broadcast_id}:{family_id}",
            family_id=family_id,
            kind="broadcast",
            concerns=self.broadcast_id,
            facts={
                "subject": self.subject,
                "body": self.body,
                "day": self.day.isoformat() if self.day else None,
            },
            activity_id=self.activity_id,
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """How many families a message would come to, by which way, and which classes they are of.

    `unknown`: families whose file has not come yet; they are written to as soon as it is there.
    """

    families: tuple[UUID, ...]
    mails: int
    letters: int
    unknown: int
    classes: tuple[str, ...]


def reach(
    concerned: Iterable[tuple[UUID, UUID]], families: Mapping[UUID, Family], audience: Audience
) -> Reach:
    """Each family once, however many of its children are concerned."""
    chosen: dict[UUID, None] = {}
    classes: set[str] = set()
    for family_id, child_id in concerned:
        family = families.get(family_id)
        school_class = family.classes.get(child_id) if family else None
        if school_class:
            classes.add(school_class)
        if audience.holds(school_class):
            chosen[family_id] = None
    guardians = [families[f].guardian(None) for f in chosen if f in families]
    mails = sum(channel_for(None, g) == "mail" for g in guardians if g)
    reached = sum(g is not None for g in guardians)
    return Reach(
        families=tuple(sorted(chosen)),
        mails=mails,
        letters=reached - mails,
        unknown=len(chosen) - reached,
        classes=tuple(sorted(classes)),
    )
