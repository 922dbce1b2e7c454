"""What reservations tells: places kept, given back, and who came."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event, Fact

AttendanceState = Literal["present", "absent", "excused"]
# Who or what gave the place back: a closure and a withdrawal are never charged.
CancellationCause = Literal["family", "staff", "closure", "withdrawal"]


class ReservationMade(Event, producer="reservations"):
    """A child is expected at a session.

    `version` grows with each change of the place of one child at one session,
    so that a reader can put the events of a place in order. `late`: kept after the limit,
    so charged with the surcharge.
    """

    reservation_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date
    late: bool = False


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
    cause: CancellationCause = "family"


class AttendanceRecorded(Event, producer="reservations"):
    """What the roll says of one child at one session; the highest `version` holds.

    Present with no `reservation_id`: the child came without being expected. `arrived_at` and
    `left_at` where the activity notes hours; `late_pickup_minutes` after the session's end.
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
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    late_pickup_minutes: int = 0


class WaitingListJoined(Event, producer="reservations"):
    """The session is full, and the child waits for a place in it."""

    waiting_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date


class PlaceOffered(Event, producer="reservations"):
    """A place is free for the child who waits, until `answer_until`; then it is the next one's."""

    waiting_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date
    answer_until: datetime


class WaitingListLeft(Event, producer="reservations"):
    """The child no longer waits: it has a place, gave up, did not answer, or the time is over."""

    waiting_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date
    cause: Literal["placed", "given_up", "unanswered", "over"]


class LateReservationAsked(Event, producer="reservations"):
    """A family asks the staff for a place after the limit."""

    ask_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date


class LateReservationAnswered(Event, producer="reservations"):
    """The staff answered; an accepted one is told as `ReservationMade` too."""

    ask_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date
    accepted: bool


class LateReservationWithdrawn(Event, producer="reservations"):
    """The family took back what it had asked of the staff, before they answered."""

    ask_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    session_id: UUID
    date: date


class AbsenceAnswered(Event, producer="reservations", private=True):
    """An absence that a family declared is excused, or is not, and why; the highest version holds.

    Of the `sessions` that the child had on these days, `free` go without charge.
    """

    absence_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    first_day: date
    last_day: date
    excused: bool
    reason: str | None = None
    sessions: int
    free: int


class SessionClosed(Event, producer="reservations", key="activity_id"):
    """The town closes a session after it was planned; nobody is charged for it.

    `reason` is the town's public word for it: "Grève", "Pont de l’Ascension".
    """

    activity_id: UUID
    session_id: UUID
    date: date
    reason: str


class Meals(Fact):
    """How many meals of one kind one school's children eat. `school_code` None: not known."""

    school_code: str | None
    diet: Literal["standard", "no_pork", "vegetarian", "own_meal"]
    count: int


class MealsOrdered(Event, producer="reservations", key="activity_id"):
    """The kitchen's order for a session; a higher `version` corrects an earlier one.

    `own_meal`: the child brings it (PAI); nothing is cooked for it.
    """

    order_id: UUID
    version: int
    activity_id: UUID
    session_id: UUID
    date: date
    place: str
    meals: tuple[Meals, ...]
