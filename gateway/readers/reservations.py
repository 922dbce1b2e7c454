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
    asked: str | None = None  # pending | accepted | refused | withdrawn
    asked_reason: str | None = None
    closed_reason: str | None = None
    reservation_id: UUID | None = None
    reserve_from: datetime | None = None
    reserve_until: datetime | None = None
    cancel_until: datetime | None = None
    late_cancel: bool = False
    has_waiting_list: bool = False
    waiting_id: UUID | None = None
    rank: int | None = None
    answer_until: datetime | None = None
    other_home: bool = False

    @property
    def is_waiting(self) -> bool:
        return self.waiting_id is not None and self.answer_until is None


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
    outcome: str  # confirmed | waitlisted | requested | refused
    reservation_id: UUID | None = None
    waiting_id: UUID | None = None
    rank: int | None = None
    reason: str | None = None
    detail: str | None = None
    instead_of: UUID | None = None
    late: bool = False


class ReservationOutcomes(Reader):
    items: tuple[ReservationOutcome, ...]

    @property
    def waitlisted(self) -> tuple[ReservationOutcome, ...]:
        return tuple(item for item in self.items if item.outcome == "waitlisted")

    @property
    def confirmed(self) -> tuple[ReservationOutcome, ...]:
        return tuple(item for item in self.items if item.outcome == "confirmed")

    @property
    def requested(self) -> tuple[ReservationOutcome, ...]:
        return tuple(item for item in self.items if item.outcome == "requested")

    @property
    def refused(self) -> tuple[ReservationOutcome, ...]:
        return tuple(item for item in self.items if item.outcome == "refused")


class GivenBack(Reader):
    reservation_id: UUID
    outcome: str  # cancelled | refused
    charged: bool = False
    reason: str | None = None
    detail: str | None = None


class GivenBackList(Reader):
    cancelled: tuple[GivenBack, ...] = ()


class Swapped(Reader):
    outcome: str  # swapped | refused
    cancel: GivenBack
    reserve: ReservationOutcome | None = None

    @property
    def detail(self) -> str:
        """Why nothing was exchanged."""
        return (self.reserve.detail if self.reserve else self.cancel.detail) or ""


class Changes(Reader):
    reserved: tuple[ReservationOutcome, ...] = ()
    cancelled: tuple[GivenBack, ...] = ()
    swapped: tuple[Swapped, ...] = ()


class PreviewDay(Reader):
    child_id: UUID
    first_name: str = ""
    session_id: UUID
    activity_id: UUID
    activity_name: str = ""
    date: day
    starts_at: str = ""
    ends_at: str = ""
    expected: str  # confirmed | reserved | full | refused | cancelled
    reason: str | None = None
    detail: str | None = None
    reservation_id: UUID | None = None
    charged: bool | None = None


class Preview(Reader):
    days: tuple[PreviewDay, ...] = ()


class Wait(Reader):
    """A child's wait for a place in a full session, still going on or ended."""

    waiting_id: UUID
    session_id: UUID
    child_id: UUID
    first_name: str = ""
    activity_name: str = ""
    kind: str = ""
    date: day
    starts_at: str = ""
    ends_at: str = ""
    state: str  # waiting | offered | placed | given_up | unanswered | over
    rank: int | None = None
    answer_until: datetime | None = None
    joined_at: datetime
    changed_at: datetime


class Waits(Reader):
    waiting: tuple[Wait, ...] = ()


class WaitState(Reader):
    waiting_id: UUID
    state: str


class AcceptedOffer(Reader):
    waiting_id: UUID
    reservation_id: UUID


class WaitingChild(Reader):
    waiting_id: UUID
    child_id: UUID
    family_id: UUID
    first_name: str = ""
    last_name: str = ""
    age_group: str | None = None
    rank: int
    state: str  # waiting | offered
    answer_until: datetime | None = None
    joined_at: datetime


class SessionGroup(Reader):
    name: str
    min_age: int
    max_age: int
    capacity: int | None = None
    booked: int = 0
    children_per_adult: int | None = None
    adults: int | None = None


class SessionWaiting(Reader):
    session_id: UUID
    activity_id: UUID
    activity_name: str
    date: day
    starts_at: str = ""
    ends_at: str = ""
    capacity: int
    booked: int
    offered: int = 0
    waiting: int = 0
    line: tuple[WaitingChild, ...] = ()
    groups: tuple[SessionGroup, ...] = ()


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
