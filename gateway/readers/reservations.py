"""What the portal reads of reservations' answers."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class CalendarChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str = ""


class CalendarEntry(Reader):
    session_id: UUID
    child_id: UUID
    activity_id: UUID
    activity_name: str
    kind: str = ""
    place: str = ""
    starts_at: str = ""
    ends_at: str = ""
    remaining: int = 0
    state: str  # free | reserved | full | closed
    late: str | None = None  # late | ask: how a free place is still had after the limit
    late_cost: str = ""  # what that costs more, in words, once billing was asked
    asked: str | None = None  # pending | accepted | refused
    asked_reason: str | None = None
    closed_reason: str | None = None
    reservation_id: UUID | None = None
    reserve_from: datetime | None = None
    reserve_until: datetime | None = None
    cancel_until: datetime | None = None
    late_cancel: bool = False


class CalendarDay(Reader):
    date: day
    label: str | None = None
    entries: tuple[CalendarEntry, ...] = ()


class Calendar(Reader):
    children: tuple[CalendarChild, ...] = ()
    days: tuple[CalendarDay, ...]


class ReservationOutcome(Reader):
    child_id: UUID
    session_id: UUID
    outcome: str  # confirmed | requested | refused
    reservation_id: UUID | None = None
    reason: str | None = None
    detail: str | None = None
    late: bool = False


class ReservationOutcomes(Reader):
    items: tuple[ReservationOutcome, ...]

    @property
    def confirmed(self) -> tuple[ReservationOutcome, ...]:
        return tuple(item for item in self.items if item.outcome == "confirmed")

    @property
    def requested(self) -> tuple[ReservationOutcome, ...]:
        return tuple(item for item in self.items if item.outcome == "requested")

    @property
    def refused(self) -> tuple[ReservationOutcome, ...]:
        return tuple(item for item in self.items if item.outcome == "refused")


class Cancellation(Reader):
    reservation_id: UUID
    charged: bool


class Reservation(Reader):
    reservation_id: UUID
    child_id: UUID
    first_name: str = ""
    session_id: UUID
    activity_id: UUID | None = None
    activity_name: str = ""
    kind: str = ""
    place: str = ""
    date: day
    starts_at: str = ""
    ends_at: str = ""
    state: str = "confirmed"  # confirmed | cancelled
    charged: bool = False
    cancel_until: datetime | None = None


class Reservations(Reader):
    reservations: tuple[Reservation, ...] = ()


class SessionLine(Reader):
    session_id: UUID
    activity_id: UUID
    activity_name: str
    kind: str = ""
    place: str = ""
    date: day
    starts_at: str = ""
    ends_at: str = ""
    capacity: int = 0
    booked: int = 0
    marked: int = 0
    open: bool = True


class SessionLines(Reader):
    sessions: tuple[SessionLine, ...] = ()


class RosterChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str
    school_class: str | None = None
    diet: str = "standard"
    allergies: str | None = None
    reservation_id: UUID | None = None
    state: str | None = None  # present | absent | excused


class EnrolledChild(Reader):
    child_id: UUID
    first_name: str
    last_name: str
    school_class: str | None = None
    diet: str = "standard"
    allergies: str | None = None


class Roster(Reader):
    session: SessionLine
    children: tuple[RosterChild, ...] = ()
    enrolled: tuple[EnrolledChild, ...] = ()


class AttendanceMark(Reader):
    child_id: UUID
    state: str
    attendance_id: UUID
    version: int


class AttendanceMarks(Reader):
    session_id: UUID
    marks: tuple[AttendanceMark, ...] = ()
