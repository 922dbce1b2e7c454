"""What the portal reads of rosters, the roll, the kitchen and absences."""

from collections.abc import Iterable
from datetime import date as day
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from gateway.readers.reader import Reader
from gateway.readers.reservations import SessionLine


class PickUp(Reader):
    name: str
    relation: str = ""
    phone: str | None = None


class Consent(Reader):
    title: str
    granted: bool | None = None


class EnrolledChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str
    age: int | None = None
    school_code: str | None = None
    school_class: str | None = None
    diet: str = "standard"
    allergies: str | None = None
    care_instructions: str = ""
    pick_ups: tuple[PickUp, ...] = ()
    consents: tuple[Consent, ...] = ()


class RosterChild(EnrolledChild):
    reservation_id: UUID | None = None
    state: str | None = None  # present | absent | excused
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    late_pickup_minutes: int = 0
    announced_absent: bool = False
    excused: bool = False
    taken_at: datetime | None = None
    marked_by: UUID | None = None


class StaffingLine(Reader):
    name: str = ""
    expected: int
    adults: int | None = None


class Roster(Reader):
    session: SessionLine
    staffing: tuple[StaffingLine, ...] = ()
    school_codes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    children: tuple[RosterChild, ...] = ()
    enrolled: tuple[EnrolledChild, ...] = ()


class AttendanceMark(Reader):
    child_id: UUID
    mark_id: UUID | None = None
    outcome: str = "recorded"  # recorded | superseded | refused
    reason: str = ""
    state: str | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    attendance_id: UUID | None = None
    version: int = 0


class AttendanceMarks(Reader):
    session_id: UUID
    marks: tuple[AttendanceMark, ...] = ()


class TakenMark(Reader):
    mark_id: UUID
    state: str
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    taken_at: datetime
    taken_by: UUID | None = None
    device: str = ""


class RollLine(Reader):
    child_id: UUID
    state: str
    version: int
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    late_pickup_minutes: int = 0
    excused: bool = False
    taken_at: datetime
    marked_by: UUID | None = None
    marks: tuple[TakenMark, ...] = ()


class Roll(Reader):
    session_id: UUID
    lines: tuple[RollLine, ...] = ()


class Meals(Reader):
    school_code: str | None = None
    diet: str
    count: int


class KitchenOrder(Reader):
    order_id: UUID
    version: int
    ordered_at: datetime
    told_at: datetime
    first_meals: tuple[Meals, ...] = ()
    meals: tuple[Meals, ...] = ()


class KitchenSession(Reader):
    session_id: UUID
    activity_id: UUID
    activity_name: str
    kind: str = ""
    place: str = ""
    date: day
    starts_at: str = ""
    order_at: datetime
    meals: tuple[Meals, ...] = ()
    order: KitchenOrder | None = None


class Kitchen(Reader):
    sessions: tuple[KitchenSession, ...] = ()


class MissedSession(Reader):
    session_id: UUID
    activity_name: str
    date: day
    outcome: str  # waiting | excused | charged | came


class Absence(Reader):
    absence_id: UUID
    family_id: UUID
    child_id: UUID
    first_name: str = ""
    last_name: str = ""
    first_day: Annotated[day, Field(alias="from")]
    last_day: Annotated[day, Field(alias="to")]
    reason_kind: str
    state: str  # declared | excused | refused | withdrawn
    certificate_due: day
    certificate_prompt: day | None = None
    certificate_on: day | None = None
    under_review: bool = False
    refusal: str = ""
    overridden: bool = False
    by_staff: bool = False
    declared_at: datetime
    decided_at: datetime | None = None
    sessions: tuple[MissedSession, ...] = ()


class Absences(Reader):
    absences: tuple[Absence, ...] = ()


class AbsenceStated(Reader):
    absence_id: UUID
    state: str
    refusal: str = ""


class StaffName(Reader):
    account_id: UUID
    name: str


class StaffNames(Reader):
    staff: tuple[StaffName, ...] = ()


def names_of(staff: Iterable[StaffName]) -> dict[UUID, str]:
    """What each account of the staff is called."""
    return {member.account_id: member.name for member in staff}
