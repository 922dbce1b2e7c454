"""Bodies of the requests and answers about sessions, their rosters, the roll and the kitchen."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, field_validator

from services.chassis.web import Answer, Body
from services.reservations.model.roll import AttendanceState, MarkOutcome
from services.reservations.model.rosters import SortBy
from services.reservations.schemas import Day, From, To, WallTime

Age = Annotated[int, Field(ge=0, le=130)]
Code = Annotated[str, Field(min_length=1, max_length=100)]
# As with days: what lies beyond is no hour of a roll.
Instant = Annotated[
    AwareDatetime,
    Field(
        ge=datetime.fromisoformat("2000-01-01T00:00:00+00:00"),
        le=datetime.fromisoformat("2099-12-31T00:00:00+00:00"),
    ),
]


class SessionsQuery(Body):
    """One `date`, or a period `from` … `to`."""

    day: Annotated[Day | None, Field(alias="date")] = None
    from_day: Annotated[Day | None, Field(alias="from")] = None
    to_day: Annotated[Day | None, Field(alias="to")] = None
    activity_id: UUID | None = None


class SessionAnswer(Answer):
    """`open`: families may still be given places in it, as far as deadlines allow.

    `activity_name` names the slot as well; `closed_reason`: the town closes the session.
    """

    session_id: UUID
    activity_id: UUID
    activity_name: str
    kind: str
    place: str
    date: date
    starts_at: WallTime
    ends_at: WallTime
    capacity: int
    booked: int
    marked: int
    open: bool
    slot: str
    closed_reason: str | None


class Sessions(Answer):
    sessions: list[SessionAnswer]


class RosterQuery(Body):
    """The children of one school, one class, some ages; `sort` puts them in another order."""

    school_code: Code | None = None
    school_class: Code | None = None
    min_age: Age | None = None
    max_age: Age | None = None
    sort: SortBy = "name"


class PickUpAnswer(Answer):
    """Who may fetch the child; the guardians come first."""

    name: str
    relation: str
    phone: str | None


class ConsentAnswer(Answer):
    """What the home last answered; null: nothing yet."""

    title: str
    granted: bool | None


class EnrolledChild(Answer):
    """A child and what whoever looks after it must know. `age` in whole years, on that day."""

    child_id: UUID
    family_id: UUID
    first_name: str
    last_name: str
    age: int | None
    school_code: str | None
    school_class: str | None
    diet: str
    allergies: str | None
    care_instructions: str
    pick_ups: list[PickUpAnswer]
    consents: list[ConsentAnswer]


class RosterChild(EnrolledChild):
    """With neither reservation nor state the child would not be listed here.

    `announced_absent`: the family said so. `excused`: and gave proof. `taken_at`, `marked_by`:
    when the last mark was taken, and by which account.
    """

    reservation_id: UUID | None
    state: AttendanceState | None
    arrived_at: datetime | None
    left_at: datetime | None
    late_pickup_minutes: int
    announced_absent: bool
    excused: bool
    taken_at: datetime | None
    marked_by: UUID | None


class StaffingAnswer(Answer):
    """Children expected of an age group; `name` is empty for those in none.

    `adults` null: nothing says how many they need.
    """

    name: str
    expected: int
    adults: int | None


class Roster(Answer):
    """`school_codes` and `classes`: what the children may be chosen by; `staffing` is of all."""

    session: SessionAnswer
    staffing: list[StaffingAnswer]
    school_codes: list[str]
    classes: list[str]
    children: list[RosterChild]
    enrolled: list[EnrolledChild]


class MarkBody(Body):
    """What is said of a child. An hour left out is not spoken of; null takes it back.

    With a `mark_id` of its own a mark is taken in once, however often it is sent, in the order
    of `taken_at`, and is answered by itself; without one it is taken now.
    """

    child_id: UUID
    state: AttendanceState
    mark_id: UUID | None = None
    taken_at: Instant | None = None
    arrived_at: Instant | None = None
    left_at: Instant | None = None


class AttendanceBody(Body):
    """`sent_at`: the tablet's clock, by which a wrong one is put right. `account_id`: who took
    these marks; under another login they are refused.
    """

    marks: Annotated[tuple[MarkBody, ...], Field(min_length=1, max_length=500)]
    device: Annotated[str, Field(max_length=120)] = ""
    sent_at: Instant | None = None
    account_id: UUID | None = None

    @field_validator("marks")
    @classmethod
    def _each_child_once(cls, marks: tuple[MarkBody, ...]) -> tuple[MarkBody, ...]:
        unnumbered = [mark.child_id for mark in marks if mark.mark_id is None]
        if len(set(unnumbered)) != len(unnumbered):
            raise ValueError("Un enfant est pointé deux fois.")
        return marks


class MarkAnswer(Answer):
    """What became of a mark, and what the roll now says of the child."""

    child_id: UUID
    mark_id: UUID
    outcome: MarkOutcome
    reason: str
    state: AttendanceState | None
    arrived_at: datetime | None
    left_at: datetime | None
    attendance_id: UUID | None
    version: int


class Attendance(Answer):
    session_id: UUID
    marks: list[MarkAnswer]


class TakenMark(Answer):
    """A mark as it was taken: when, by which account, on which device."""

    mark_id: UUID
    state: AttendanceState
    arrived_at: datetime | None
    left_at: datetime | None
    taken_at: datetime
    taken_by: UUID | None
    device: str
    received_at: datetime


class AttendanceLine(Answer):
    """What the roll says of a child, and everything that was ever said of it there."""

    child_id: UUID
    attendance_id: UUID
    version: int
    state: AttendanceState
    reservation_id: UUID | None
    arrived_at: datetime | None
    left_at: datetime | None
    late_pickup_minutes: int
    excused: bool
    taken_at: datetime
    marked_by: UUID | None
    marks: list[TakenMark]


class Roll(Answer):
    session_id: UUID
    lines: list[AttendanceLine]


class KitchenQuery(Body):
    """Both days inclusive, at most 62."""

    from_day: From
    to_day: To


class MealAnswer(Answer):
    """`school_code` null: not known."""

    school_code: str | None
    diet: Literal["standard", "no_pork", "vegetarian", "own_meal"]
    count: int


class OrderAnswer(Answer):
    """What the kitchen was told: at first, and after the last correction."""

    order_id: UUID
    version: int
    ordered_at: datetime
    told_at: datetime
    first_meals: list[MealAnswer]
    meals: list[MealAnswer]


class KitchenSession(Answer):
    """`meals`: by the present count. `order_at`: when they are ordered."""

    session_id: UUID
    activity_id: UUID
    activity_name: str
    kind: str
    place: str
    date: date
    starts_at: WallTime
    order_at: datetime
    meals: list[MealAnswer]
    order: OrderAnswer | None


class Kitchen(Answer):
    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    from_day: Annotated[date, Field(alias="from")]
    to_day: Annotated[date, Field(alias="to")]
    sessions: list[KitchenSession]
