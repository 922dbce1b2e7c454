"""What reservations tells: places kept, given back, and who came."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.envelope import Event

AttendanceState = Literal["present", "absent", "excused"]


class ReservationMade(Event, producer="reservations"):
    """A child is expected at a session.

    `version` grows with each change of the place of one child at one session,
    so that a reader can put the events of a place in order.
    """

    reservation_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date


class ReservationCancelled(Event, producer="reservations"):
    """The child is no longer expected. `late`: past the deadline, so still charged."""

    reservation_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date
    late: bool


class AttendanceRecorded(Event, producer="reservations"):
    """What the roll says of one child at one session; the highest `version` holds.

    Present with no `reservation_id`: the child came without being expected.
    """

    attendance_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date
    reservation_id: UUID | None = None
    state: AttendanceState
