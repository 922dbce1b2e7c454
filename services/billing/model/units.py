"""One child at one session: what was told of it, who is charged for it, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.billing.model.stays import Stay


class Reserved(StrEnum):
    """What became of the reservation."""

    NONE = "none"
    KEPT = "kept"
    CANCELLED = "cancelled"
    KEPT_LATE = "kept_late"
    CANCELLED_LATE = "cancelled_late"
    CLOSED = "closed"


class Attended(StrEnum):
    """What the roll says."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


class Basis(StrEnum):
    """Why a unit is charged, or is not."""

    RESERVED = "reserved"
    PRESENT = "present"
    ABSENT = "absent"
    LATE_RESERVATION = "late_reservation"
    LATE_CANCELLATION = "late_cancellation"
    UNRESERVED = "unreserved"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    EXCUSED = "excused"
    NOT_EXPECTED = "not_expected"
    # Of no unit: what a month adds to its uses, or takes off them.
    MONTHLY_CAP = "monthly_cap"
    MONTHLY_FEE = "monthly_fee"
    FORMULA = "formula"
    AID = "aid"
    # Moves a part of them from the account of a child's family to another payer's.
    SHARE = "share"

    @property
    def charged(self) -> bool:
        """Whether this is a reason to charge."""
        return self not in FREE


OF_MONTH = frozenset({Basis.MONTHLY_CAP, Basis.MONTHLY_FEE, Basis.FORMULA, Basis.AID, Basis.SHARE})
FREE = frozenset({Basis.CANCELLED, Basis.CLOSED, Basis.EXCUSED, Basis.NOT_EXPECTED})

# The rule of what is charged, case by case. A child who comes although the place was given back
# comes without a reservation, in time or not; a certificate excuses a late cancellation too. Who
# is marked present in a session that the town closed was let in: the surcharge would be unjust.
BASIS: Mapping[tuple[Reserved, Attended], Basis] = {
    (Reserved.NONE, Attended.UNKNOWN): Basis.NOT_EXPECTED,
    (Reserved.NONE, Attended.PRESENT): Basis.UNRESERVED,
    (Reserved.NONE, Attended.ABSENT): Basis.NOT_EXPECTED,
    (Reserved.NONE, Attended.EXCUSED): Basis.NOT_EXPECTED,
    (Reserved.KEPT, Attended.UNKNOWN): Basis.RESERVED,
    (Reserved.KEPT, Attended.PRESENT): Basis.PRESENT,
    (Reserved.KEPT, Attended.ABSENT): Basis.ABSENT,
    (Reserved.KEPT, Attended.EXCUSED): Basis.EXCUSED,
    (Reserved.KEPT_LATE, Attended.UNKNOWN): Basis.LATE_RESERVATION,
    (Reserved.KEPT_LATE, Attended.PRESENT): Basis.LATE_RESERVATION,
    (Reserved.KEPT_LATE, Attended.ABSENT): Basis.LATE_RESERVATION,
    (Reserved.KEPT_LATE, Attended.EXCUSED): Basis.EXCUSED,
    (Reserved.CLOSED, Attended.UNKNOWN): Basis.CLOSED,
    (Reserved.CLOSED, Attended.PRESENT): Basis.PRESENT,
    (Reserved.CLOSED, Attended.ABSENT): Basis.CLOSED,
    (Reserved.CLOSED, Attended.EXCUSED): Basis.CLOSED,
    (Reserved.CANCELLED, Attended.UNKNOWN): Basis.CANCELLED,
    (Reserved.CANCELLED, Attended.PRESENT): Basis.UNRESERVED,
    (Reserved.CANCELLED, Attended.ABSENT): Basis.CANCELLED,
    (Reserved.CANCELLED, Attended.EXCUSED): Basis.CANCELLED,
    (Reserved.CANCELLED_LATE, Attended.UNKNOWN): Basis.LATE_CANCELLATION,
    (Reserved.CANCELLED_LATE, Attended.PRESENT): Basis.UNRESERVED,
    (Reserved.CANCELLED_LATE, Attended.ABSENT): Basis.LATE_CANCELLATION,
    (Reserved.CANCELLED_LATE, Attended.EXCUSED): Basis.EXCUSED,
}


@dataclass(frozen=True, slots=True)
class Place:
    """What was last told of the reservation; version 0: nothing yet."""

    version: int = 0
    state: Reserved = Reserved.NONE
    family_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What the roll last said. `expected`: it knew of a reservation.

    When the child came and left, where the activity notes hours: minutes of the local day.
    """

    version: int = 0
    state: Attended = Attended.UNKNOWN
    family_id: UUID | None = None
    expected: bool = False
    arrived_minute: int | None = None
    left_minute: int | None = None

    @property
    def stay(self) -> Stay | None:
        """From arrival to departure, where the roll tells both."""
        if self.arrived_minute is None or self.left_minute is None:
            return None
        return self.arrived_minute, self.left_minute


News = Place | Mark
# Child and session.
UnitKey = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Unit:
    """One child at one session: the unit that is charged once, or not at all."""

    child_id: UUID
    session_id: UUID
    activity_id: UUID
    date: date
    place: Place = Place()
    mark: Mark = Mark()

    def told(self, news: News) -> "Unit":
        """The unit after this news; older news than what it knows changes nothing."""
        if isinstance(news, Place):
            return replace(self, place=news) if news.version > self.place.version else self
        return replace(self, mark=news) if news.version > self.mark.version else self

    @property
    def key(self) -> UnitKey:
        """What tells it from others."""
        return self.child_id, self.session_id

    @property
    def unheard_of(self) -> bool:
        """Whether nothing was told of it yet."""
        return not (self.place.version or self.mark.version)

    @property
    def basis(self) -> Basis:
        """Why it is charged, or is not."""
        state = self.place.state
        if state is Reserved.NONE and self.mark.expected:
            # The roll was told before the reservation it knew of reached us.
            state = Reserved.KEPT
        return BASIS[state, self.mark.state]

    @property
    def payer(self) -> UUID | None:
        """The family that is charged: who came unexpected, or who reserved."""
        came_all_the_same = (
            self.place.state is Reserved.CLOSED and self.mark.state is Attended.PRESENT
        )
        if self.basis is Basis.UNRESERVED or came_all_the_same or self.place.family_id is None:
            return self.mark.family_id
        return self.place.family_id

    @property
    def families(self) -> tuple[UUID, ...]:
        """The families that it may concern, in one order everywhere."""
        known = {self.place.family_id, self.mark.family_id} - {None}
        return tuple(sorted(family for family in known if family is not None))


def told_in_turn(known: Mapping[UnitKey, Unit], news: Iterable[tuple[Unit, News]]) -> list[Unit]:
    """The units that are another after all this news, as they are then."""
    told = dict(known)
    for unit, one in news:
        told[unit.key] = told[unit.key].told(one)
    return [unit for key, unit in told.items() if unit != known[key]]
