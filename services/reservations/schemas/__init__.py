"""Bodies of the requests and answers of reservations."""

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field

from services.chassis.clock import PARIS
from services.chassis.web import Answer, Body
from services.reservations.model.late_asks import AskState
from services.reservations.model.places import PlaceState, Verdict

# No town's calendar reaches further, and dates at the edge of what a date can be are no dates.
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
Weekday = Annotated[int, Field(ge=1, le=7)]
From = Annotated[Day, Field(alias="from")]
To = Annotated[Day, Field(alias="to")]


@lru_cache(maxsize=8192)  # children share their sessions' hours, families their activities'
def _paris_hour(instant: datetime) -> str:
    return instant.astimezone(PARIS).isoformat()[11:16]


# Shown as HH:MM in Europe/Paris: a session's hours are those on the door.
WallTime = Annotated[str, BeforeValidator(_paris_hour)]


class CalendarQuery(Body):
    """Both days inclusive; `family_id` is for the staff."""

    from_day: From
    to_day: To
    child: UUID | None = None
    family_id: UUID | None = None


class CalendarChild(Answer):
    child_id: UUID
    first_name: str
    last_name: str


class CalendarEntry(Answer):
    """One child at one session. `late_cancel`: given back now, it would still be charged.

    A free place after the limit is had `late`, with a surcharge, or by asking the staff (`ask`);
    `asked` tells where that stands. `reserve_from`: when families may begin (null: at once).
    `closed_reason`: the town closes the session. `activity_name` names the slot as well.
    `remaining` places of the child's age group. `waiting_id` and `rank` while the child waits;
    `answer_until` while a place is offered. `other_home`: the day is that of the other home.
    """

    session_id: UUID
    child_id: UUID
    activity_id: UUID
    activity_name: str
    kind: str
    place: str
    starts_at: WallTime
    ends_at: WallTime
    slot: str
    remaining: int
    state: PlaceState
    late: Literal["late", "ask"] | None
    asked: AskState | None
    asked_reason: str | None
    closed_reason: str | None
    reservation_id: UUID | None
    reserve_from: datetime | None
    reserve_until: datetime
    cancel_until: datetime
    late_cancel: bool
    has_waiting_list: bool
    waiting_id: UUID | None
    rank: int | None
    answer_until: datetime | None
    other_home: bool


class CalendarDay(Answer):
    """`label` names the public holiday or the school holidays."""

    date: date
    label: str | None
    entries: list[CalendarEntry]


class Calendar(Answer):
    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    from_day: Annotated[date, Field(alias="from")]
    to_day: Annotated[date, Field(alias="to")]
    children: list[CalendarChild]
    days: list[CalendarDay]


class ItemBody(Body):
    """`waitlist`: wait where there is no place. `other_home`: also on a day of the other home."""

    child_id: UUID
    session_id: UUID
    waitlist: bool = False
    other_home: bool = False


class ReservationsBody(Body):
    """`family_id` is for the staff, when a child has two homes; `waitlist` is for all items."""

    items: Annotated[tuple[ItemBody, ...], Field(min_length=1, max_length=200)]
    waitlist: bool = False
    family_id: UUID | None = None


class ItemOutcome(Answer):
    """`requested`: the staff decide. `late`: kept after the limit, charged with the surcharge.

    Who waits has a `rank`. `instead_of`: the family's own place that stands in the way.
    """

    child_id: UUID
    session_id: UUID
    outcome: Verdict
    reservation_id: UUID | None
    waiting_id: UUID | None
    rank: int | None
    reason: str | None
    detail: str | None
    instead_of: UUID | None
    late: bool


class Outcomes(Answer):
    items: list[ItemOutcome]


class Cancellation(Answer):
    reservation_id: UUID
    charged: bool


class ReservationsQuery(Body):
    """`family_id` is for the staff; `cancelled` adds what was given back."""

    from_day: From
    to_day: To
    cancelled: bool = False
    family_id: UUID | None = None


class ReservationAnswer(Answer):
    """`charged`: given back too late. `past_deadline`: kept after the limit.

    `past_line`: kept by the staff while others waited.
    """

    reservation_id: UUID
    session_id: UUID
    child_id: UUID
    first_name: str
    activity_id: UUID
    activity_name: str
    kind: str
    place: str
    date: date
    starts_at: WallTime
    ends_at: WallTime
    state: Literal["confirmed", "cancelled"]
    charged: bool
    past_deadline: bool
    past_line: bool
    by_staff: bool
    cancel_until: datetime
    changed_at: datetime


class Reservations(Answer):
    reservations: list[ReservationAnswer]
