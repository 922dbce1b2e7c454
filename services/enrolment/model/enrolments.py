"""A request's life: from the family's draft to the day on which the child leaves."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal, Self
from uuid import UUID

from services.chassis.clock import paris_date
from services.chassis.errors import FieldError
from services.enrolment.errors import AlreadyDecided, BadWithdrawal
from services.enrolment.model.activities import Activity

Actor = Literal["family", "staff", "town"]


class Status(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# What may follow what. A refused child asks anew: a refusal is not taken back. The staff may
# accept what they sent back, for the missing paper may come over the counter.
NEXT: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED}),
    Status.SUBMITTED: frozenset(
        {Status.RETURNED, Status.WAITING, Status.ACCEPTED, Status.REFUSED, Status.WITHDRAWN}
    ),
    Status.RETURNED: frozenset(
        {Status.SUBMITTED, Status.ACCEPTED, Status.REFUSED, Status.WITHDRAWN}
    ),
    Status.WAITING: frozenset({Status.ACCEPTED, Status.REFUSED, Status.WITHDRAWN}),
    Status.ACCEPTED: frozenset({Status.WITHDRAWN}),
    Status.REFUSED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}

IN_WORDS: Final = {
    Status.DRAFT: "un brouillon",
    Status.SUBMITTED: "envoyée",
    Status.RETURNED: "à compléter",
    Status.WAITING: "sur liste d’attente",
    Status.ACCEPTED: "acceptée",
    Status.REFUSED: "refusée",
    Status.WITHDRAWN: "retirée",
}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who takes a step: a family, a member of the staff, or the town's own rule (no account)."""

    actor: Actor
    account_id: UUID | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the town's people act, who are not held to windows."""
        return self.actor == "staff"


TOWN: Final = Hand("town")


@dataclass(frozen=True, slots=True)
class Step:
    """One dated entry of an enrolment's history."""

    version: int
    at: datetime
    status: Status
    hand: Hand
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for one child, and what the family declares for it.

    Wishes of one application bear the same id; `together`: siblings who ask for one activity want
    places all or none.
    """

    family_id: UUID
    child_id: UUID
    activity_id: UUID
    application_id: UUID | None = None
    together: bool = False
    declared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A child's enrolment in an activity of one school year, with its whole history.

    `regulations_version` is the version accepted with the request; None when there was none.
    `left_on`: the last day of a child that had come in and left. `waiting_rank`: its place in the
    order that an allocation gave to those who wait.
    """

    enrolment_id: UUID
    wish: Wish
    school_year: str
    regulations_version: int | None
    starts_on: date
    ends_on: date
    history: tuple[Step, ...] = field(default=())
    left_on: date | None = None
    waiting_rank: int | None = None

    @property
    def last(self) -> Step:
        """The newest entry of the history."""
        return self.history[-1]

    @property
    def status(self) -> Status:
        """Where it stands."""
        return self.last.status

    @property
    def version(self) -> int:
        """Grows by one with each step."""
        return self.last.version

    @classmethod
    def begun(
        cls,
        enrolment_id: UUID,
        wish: Wish,
        activity: Activity,
        *,
        status: Literal[Status.DRAFT, Status.SUBMITTED],
        now: datetime,
        hand: Hand,
        regulations_version: int | None = None,
    ) -> Self:
        """A draft, or a request as it is handed in, over the activity's whole period."""
        return cls(
            enrolment_id=enrolment_id,
            wish=wish,
            school_year=activity.offer.school_year,
            regulations_version=regulations_version,
            starts_on=activity.offer.starts_on,
            ends_on=activity.offer.ends_on,
            history=(Step(1, now, status, hand),),
        )

    def submit(
        self, now: datetime, hand: Hand, *, regulations_version: int | None, note: str = ""
    ) -> Self:
        """The family sends its draft, or sends again what it has completed."""
        sent = self._follow(Status.SUBMITTED, now, hand, note or None)
        return replace(sent, regulations_version=regulations_version)

    def send_back(self, note: str, now: datetime, hand: Hand) -> Self:
        """What lacks is told to the family, which completes; the first note holds."""
        return self._follow(Status.RETURNED, now, hand, note)

    def wait(self, now: datetime, hand: Hand, *, note: str = "", rank: int | None = None) -> Self:
        """There is no place now; with a rank when an allocation gave one."""
        waiting = self._follow(Status.WAITING, now, hand, note or None)
        return replace(waiting, waiting_rank=self.waiting_rank if rank is None else rank)

    def accept(
        self, activity: Activity, now: datetime, hand: Hand, *, from_day: date | None = None
    ) -> Self:
        """The child is taken in over the activity's period, or from this day on; twice is once."""
        accepted = self._follow(Status.ACCEPTED, now, hand)
        if accepted is self:
            return self
        starts_on = activity.offer.starts_on
        return replace(
            accepted,
            starts_on=max(starts_on, from_day) if from_day else starts_on,
            ends_on=activity.offer.ends_on,
            waiting_rank=None,
        )

    def refuse(self, reason: str, now: datetime, hand: Hand) -> Self:
        """The staff refuse, and say why; refusing twice keeps the first reason."""
        return self._follow(Status.REFUSED, now, hand, reason)

    def withdraw(self, last_day: date | None, now: datetime, hand: Hand, *, note: str = "") -> Self:
        """The child leaves after this day (today unless given), or never comes.

        Raises BadWithdrawal when the day is past (for a family), or after the enrolment's end.
        """
        was_in = self.status is Status.ACCEPTED
        gone = self._follow(Status.WITHDRAWN, now, hand, note or None)
        if gone is self or not was_in:
            return gone
        today = paris_date(now)
        last = last_day or today
        if last < today and not hand.is_staff:
            raise _bad_day("Choisissez aujourd’hui ou un jour à venir.")
        if last > self.ends_on:
            raise _bad_day(f"L’inscription s’achève le {self.ends_on:%d/%m/%Y}.")
        return replace(gone, ends_on=last, left_on=last)

    def _follow(self, status: Status, now: datetime, hand: Hand, note: str | None = None) -> Self:
        if self.status is status:
            return self
        if status not in NEXT[self.status]:
            since = paris_date(self.last.at)
            raise AlreadyDecided(f"Elle est {IN_WORDS[self.status]} depuis le {since:%d/%m/%Y}.")
        step = Step(self.version + 1, now, status, hand, note)
        return replace(self, history=(*self.history, step))


def _bad_day(message: str) -> BadWithdrawal:
    return BadWithdrawal(message, errors=[FieldError("ends_on", message)])
