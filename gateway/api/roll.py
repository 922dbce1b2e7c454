"""For the staff rosters, the roll and the kitchen; absences for families and the office."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.roles import GUARDIAN, OFFICE, ROLL, STAFF
from gateway.api.edge import forward
from gateway.readers.roll import (
    Absences,
    AbsenceStated,
    AttendanceMarks,
    Kitchen,
    Roll,
    Roster,
)
from services.chassis.endpoints import Body

FAMILIES = OFFICE | {GUARDIAN}
State = Literal["present", "absent", "excused"]
Age = Annotated[int, Field(ge=0, le=130)]
Code = Annotated[str, Field(min_length=1, max_length=100)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
Instant = Annotated[
    AwareDatetime,
    Field(
        ge=datetime.fromisoformat("2000-01-01T00:00:00+00:00"),
        le=datetime.fromisoformat("2099-12-31T00:00:00+00:00"),
    ),
]


class RosterQuery(Body):
    """The children of one school, one class, some ages; `sort` puts them in another order."""

    school_code: Code | None = None
    school_class: Code | None = None
    min_age: Age | None = None
    max_age: Age | None = None
    sort: Literal["name", "class", "school", "age"] = "name"


class Mark(Body):
    """With a `mark_id` of its own a mark is taken in once, however often it is sent, in the order
    of `taken_at`, and answered by itself. An hour left out is not spoken of; null takes it back.
    """

    child_id: UUID
    state: State
    mark_id: UUID | None = None
    taken_at: Instant | None = None
    arrived_at: Instant | None = None
    left_at: Instant | None = None


class AttendanceBody(Body):
    """`sent_at`: the device's clock, by which a wrong one is put right. `account_id`: who took
    these marks; under another login they are refused.
    """

    marks: Annotated[tuple[Mark, ...], Field(min_length=1, max_length=500)]
    device: Annotated[str, Field(max_length=120)] = ""
    sent_at: Instant | None = None
    account_id: UUID | None = None


class KitchenQuery(Body):
    """Both days inclusive, at most 62."""

    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]


class AbsencesQuery(Body):
    """The office names a family, or sees everybody's."""

    family_id: UUID | None = None
    state: Literal["declared", "excused", "refused", "withdrawn"] | None = None


class AbsenceBody(Body):
    """Both days inclusive; `family_id` is for the office."""

    family_id: UUID | None = None
    child_id: UUID
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]
    reason_kind: Literal["illness", "family", "school_outing", "other"]


class ExcuseBody(Body):
    """`override`: though the certificate came too late; that is noted."""

    certificate_on: Day | None = None
    override: bool = False


class AbsenceRefusal(Body):
    """For the family to read."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


ENDPOINTS = (
    forward(
        "GET",
        "/staff/sessions/{session_id}/roster",
        "read_roster",
        to="reservations",
        at="/sessions/{session_id}/roster",
        allow=ROLL,
        query=RosterQuery,
        answer=Roster,
        summary="The children expected at a session, and what must be known of each.",
    ),
    forward(
        "GET",
        "/staff/sessions/{session_id}/attendance",
        "read_attendance",
        to="reservations",
        at="/sessions/{session_id}/attendance",
        allow=ROLL,
        answer=Roll,
        summary="What the roll says of each child, with every mark that was taken.",
    ),
    forward(
        "POST",
        "/staff/sessions/{session_id}/attendance",
        "record_attendance",
        to="reservations",
        at="/sessions/{session_id}/attendance",
        allow=ROLL,
        body=AttendanceBody,
        answer=AttendanceMarks,
        summary="Record who came; marks with a number of their own are taken in once.",
    ),
    forward(
        "GET",
        "/staff/kitchen",
        "read_kitchen",
        to="reservations",
        at="/kitchen",
        allow=STAFF,
        query=KitchenQuery,
        answer=Kitchen,
        summary="Meals by session, school and kind: as counted now, and as ordered.",
    ),
    forward(
        "GET",
        "/absences",
        "list_absences",
        to="reservations",
        allow=FAMILIES,
        query=AbsencesQuery,
        answer=Absences,
        summary="Absences that were declared, and what became of them.",
    ),
    forward(
        "POST",
        "/absences",
        "declare_absence",
        to="reservations",
        allow=FAMILIES,
        body=AbsenceBody,
        answer=AbsenceStated,
        status=201,
        summary="Declare that a child will not come, or did not.",
    ),
    forward(
        "DELETE",
        "/absences/{absence_id}",
        "withdraw_absence",
        to="reservations",
        allow=FAMILIES,
        answer=AbsenceStated,
        summary="Take a declaration back: the child comes after all.",
    ),
    forward(
        "POST",
        "/staff/absences/{absence_id}/excuse",
        "excuse_absence",
        to="reservations",
        at="/absences/{absence_id}/excuse",
        allow=OFFICE,
        body=ExcuseBody,
        answer=AbsenceStated,
        summary="Excuse an absence by hand.",
    ),
    forward(
        "POST",
        "/staff/absences/{absence_id}/refuse",
        "refuse_absence",
        to="reservations",
        at="/absences/{absence_id}/refuse",
        allow=OFFICE,
        body=AbsenceRefusal,
        answer=AbsenceStated,
        summary="Refuse to excuse an absence.",
    ),
)
