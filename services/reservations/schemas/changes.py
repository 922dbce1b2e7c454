"""Bodies of the requests and answers of baskets that change places, and of weekly patterns."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.chassis.web import Answer, Body
from services.reservations.model.patterns import Weeks
from services.reservations.schemas import (
    Day,
    From,
    ItemBody,
    ItemOutcome,
    To,
    WallTime,
    Weekday,
)

MOST = 200
Slot = Annotated[str | None, Field(max_length=40)]


class SwapBody(Body):
    """`cancel` is given back once `reserve` is kept; else nothing changes."""

    cancel: UUID
    reserve: ItemBody


class ChangesBody(Body):
    """At least one change; `family_id` is for the staff, when a child has two homes."""

    reserve: Annotated[tuple[ItemBody, ...], Field(max_length=MOST)] = ()
    cancel: Annotated[tuple[UUID, ...], Field(max_length=MOST)] = ()
    swap: Annotated[tuple[SwapBody, ...], Field(max_length=MOST)] = ()
    family_id: UUID | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.reserve or self.cancel or self.swap):
            raise ValueError("Demandez au moins un changement.")
        return self


class GivenBackAnswer(Answer):
    """`charged`: given back too late. A refusal has its reason."""

    reservation_id: UUID
    outcome: Literal["cancelled", "refused"]
    charged: bool
    reason: str | None
    detail: str | None


class SwapAnswer(Answer):
    """`swapped` or `refused`, as a whole; `reserve` is None when `cancel` could not be."""

    outcome: Literal["swapped", "refused"]
    cancel: GivenBackAnswer
    reserve: ItemOutcome | None


class ChangesAnswer(Answer):
    reserved: list[ItemOutcome]
    cancelled: list[GivenBackAnswer]
    swapped: list[SwapAnswer]


class PatternLineBody(Body):
    """One child on some weekdays (Monday is 1) of an activity.

    `slot` is the code of a part of the day; without it the pattern means the longest ones.
    """

    child_id: UUID
    activity_id: UUID
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    slot: Slot = None


class PatternBody(Body):
    """The coming sessions of these lines, both days inclusive.

    One line may stand in the body itself. `weeks` are those of the calendar (ISO); `but_for` days
    are left out, and so are those in the child's other home unless `other_home`.
    """

    lines: Annotated[tuple[PatternLineBody, ...], Field(max_length=20)] = ()
    child_id: UUID | None = None
    activity_id: UUID | None = None
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    slot: Slot = None
    from_day: From
    to_day: To
    weeks: Weeks = "all"
    but_for: Annotated[tuple[Day, ...], Field(max_length=100)] = ()
    other_home: bool = False
    waitlist: bool = False
    family_id: UUID | None = None

    @model_validator(mode="after")
    def _names_a_line(self) -> Self:
        whole = self.child_id and self.activity_id and self.weekdays
        if not (self.lines or whole):
            raise ValueError("Donnez `lines`, ou `child_id`, `activity_id` et `weekdays`.")
        return self

    @property
    def all_lines(self) -> tuple[PatternLineBody, ...]:
        """The lines, the one in the body itself among them."""
        if not (self.child_id and self.activity_id and self.weekdays):
            return self.lines
        own = PatternLineBody(
            child_id=self.child_id,
            activity_id=self.activity_id,
            weekdays=self.weekdays,
            slot=self.slot,
        )
        return (own, *self.lines)


class PreviewBody(PatternBody):
    """The same; `cancel` asks what giving back would come to."""

    cancel: bool = False


class PreviewDay(Answer):
    """One child at one session, and what the pattern would make of it.

    `full`: it would be refused, or wait. `charged`: giving it back is too late to be free.
    """

    child_id: UUID
    first_name: str
    session_id: UUID
    activity_id: UUID
    activity_name: str
    date: date
    starts_at: WallTime
    ends_at: WallTime
    expected: Literal["confirmed", "reserved", "requested", "full", "refused", "cancelled"]
    reason: str | None
    detail: str | None
    reservation_id: UUID | None
    charged: bool | None


class Preview(Answer):
    days: list[PreviewDay]


class GivenBackList(Answer):
    cancelled: list[GivenBackAnswer]
