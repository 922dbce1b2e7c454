"""Keeping a place and giving it back: who may, until when, and what it means for the charge."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NamedTuple, Self
from uuid import UUID

from services.reservations.errors import SessionStarted
from services.reservations.model.activities import LatePolicy
from services.reservations.model.custody import Custody
from services.reservations.model.deadlines import in_words

PlaceState = Literal["free", "reserved", "full", "closed"]
Verdict = Literal["confirmed", "waitlisted", "requested", "refused"]


class Item(NamedTuple):
    """One child at one session: the unit of reservation, roll and charge."""

    child_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class Terms:
    """What the asker agrees to: to wait where there is no place, to days in the other home."""

    to_wait: frozenset[Item] = frozenset()
    in_other_home: frozenset[Item] = frozenset()


NO_TERMS = Terms()


class Refusal(StrEnum):
    """Why an item of a basket was not kept."""

    UNKNOWN_SESSION = "unknown-session"
    NOT_ENROLLED = "not-enrolled"
    TWO_HOMES = "two-homes"
    OTHER_HOME = "reserved-by-other-home"
    SESSION_CLOSED = "session-closed"
    NOT_OPEN_YET = "not-open-yet"
    NOT_IN_A_PERIOD = "not-in-a-period"
    DEADLINE_PASSED = "deadline-passed"
    OTHER_HOMES_DAY = "other-homes-day"
    OVERLAP = "overlap"
    SESSION_FULL = "session-full"
    OTHER_HOME_WAITS = "other-home-waits"
    NO_WAITING_LIST = "no-waiting-list"


DETAILS = {
    Refusal.UNKNOWN_SESSION: "Cette séance n’existe pas.",
    Refusal.NOT_ENROLLED: "L’enfant n’est pas inscrit à cette activité à cette date.",
    Refusal.TWO_HOMES: "L’enfant a deux foyers : précisez lequel réserve.",
    Refusal.OTHER_HOME: "La place de l’enfant est déjà réservée par son autre foyer.",
    Refusal.SESSION_CLOSED: "Cette séance n’est plus ouverte à la réservation.",
    Refusal.NOT_OPEN_YET: "La réservation ouvre le {until}.",
    Refusal.NOT_IN_A_PERIOD: "Aucune période de réservation n’est ouverte pour cette date.",
    Refusal.DEADLINE_PASSED: "La réservation était possible jusqu’au {until}.",
    Refusal.OTHER_HOMES_DAY: "Ce jour-là, l’enfant est dans son autre foyer.",
    Refusal.OVERLAP: "L’enfant a déjà une place aux mêmes heures : {rival}.",
    Refusal.SESSION_FULL: "Il n’y a plus de place à cette séance.",
    Refusal.OTHER_HOME_WAITS: "L’autre foyer de l’enfant attend déjà une place à cette séance.",
    Refusal.NO_WAITING_LIST: "Il n’y a plus de place à cette séance, ni de liste d’attente.",
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants places: a family for itself, or the staff for one (None: the child's only home)."""

    family_id: UUID | None
    by_staff: bool
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class KnownSession:
    """What decides about a session. `free` places are counted again under its lock.

    They are those of the child's age group; `waiting` children were not offered one yet.
    """

    activity_id: UUID
    day: date
    open: bool
    starts_at: datetime
    ends_at: datetime
    reserve_until: datetime
    free: int
    reserve_from: datetime | None = None
    late_policy: LatePolicy = "refuse"
    late_until: datetime | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Rival:
    """Another session at the same hours that the child may go to; `held_by`: who has it there."""

    name: str
    reservation_id: UUID | None = None
    held_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The child's own wait for the session; with `answer_until` a place is held for it."""

    waiting_id: UUID
    family_id: UUID
    answer_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One item as things stand; `homes` are the asker's families whose enrolment covers the day.

    `is_asked`: the staff have yet to answer the home's ask.
    """

    item: Item
    session: KnownSession | None
    homes: tuple[UUID, ...]
    held_by: UUID | None = None
    reservation_id: UUID | None = None
    is_asked: bool = False
    birth_date: date | None = None
    custody: Custody | None = None
    rival: Rival | None = None
    standing: Standing | None = None

    @property
    def is_contested(self) -> bool:
        """Whether more than the session's count decides, so that it is judged under all locks."""
        if self.rival or self.standing:
            return True
        return self.session is not None and self.session.waiting > 0 and self.session.free > 0

    def is_promised_at(self, now: datetime) -> bool:
        """Whether an open offer holds a place for the child."""
        if not (self.standing and self.is_open):
            return False
        until, home = self.standing.answer_until, self.standing.family_id
        return until is not None and now <= until and home in self.homes

    @property
    def is_open(self) -> bool:
        """Whether the session takes children at all."""
        return self.session is not None and self.session.open

    @property
    def has_room(self) -> bool:
        """Whether the session seems to have a place for the child."""
        return self.session is not None and self.session.free > 0

    def is_late_at(self, now: datetime) -> bool:
        """Whether the limit to reserve has passed."""
        return self.session is not None and now > self.session.reserve_until

    @property
    def is_elsewhere(self) -> bool:
        """Whether the day is the child's other home's."""
        if not (self.custody and self.session and self.homes):
            return False
        return self.custody.is_elsewhere(self.homes[0], self.session.day)

    def meets(self, other: "Place") -> bool:
        """Whether one child cannot have both places: their hours overlap."""
        a, b = self.session, other.session
        same_child = self.item.child_id == other.item.child_id
        return bool(same_child and a and b and a.starts_at < b.ends_at and b.starts_at < a.ends_at)


@dataclass(frozen=True, slots=True)
class Booking:
    """A place that is kept if the session still has one under its lock; a promised one in any case.

    `past_deadline` for a family: late, and charged with the surcharge. Which age group it counts
    in depends on the birth date.
    """

    item: Item
    family_id: UUID
    past_deadline: bool
    birth_date: date | None = None
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Joining:
    """A place in the waiting list, if there is still none in the session under its lock."""

    item: Item
    family_id: UUID
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A place that the staff are asked for, for the limit has passed."""

    item: Item
    family_id: UUID
    activity_id: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: kept, asked of the staff, waiting at a rank, or refused.

    `late`: with a surcharge. `instead_of` is the family's own place that stands in its way.
    """

    item: Item
    reservation_id: UUID | None = None
    refusal: Refusal | None = None
    detail: str | None = None
    late: bool = False
    requested: bool = False
    waiting_id: UUID | None = None
    rank: int | None = None
    instead_of: UUID | None = None

    @property
    def verdict(self) -> Verdict:
        """The outcome in one word."""
        if self.refusal:
            return "refused"
        if self.requested:
            return "requested"
        return "waitlisted" if self.waiting_id else "confirmed"

    @classmethod
    def refused(
        cls,
        item: Item,
        refusal: Refusal,
        until: datetime | None = None,
        *,
        rival: str = "",
        instead_of: UUID | None = None,
    ) -> Self:
        """Not kept, and why."""
        words = DETAILS[refusal].format(until=in_words(until) if until else "", rival=rival)
        return cls(item, refusal=refusal, detail=words, instead_of=instead_of)


@dataclass(frozen=True, slots=True)
class Kept:
    """A booking that was made: `version` orders all that ever happens to this item."""

    item: Item
    reservation_id: UUID
    version: int
    family_id: UUID
    activity_id: UUID
    day: date
    late: bool = False


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reservation and what its session says about giving it back."""

    item: Item
    reservation_id: UUID
    version: int
    family_id: UUID
    activity_id: UUID
    day: date
    confirmed: bool
    late: bool
    starts_at: datetime
    cancel_until: datetime

    def late_at(self, now: datetime, *, by_staff: bool) -> bool:
        """Whether giving it back now is too late to go without charge.

        Raises SessionStarted when a family asks once the session has begun.
        """
        if now > self.starts_at and not by_staff:
            raise SessionStarted(f"Elle a commencé le {in_words(self.starts_at)}.")
        return now > self.cancel_until


def may_still_try(policy: LatePolicy, until: datetime | None, now: datetime) -> bool:
    """Whether the limit that passed is not the end of it."""
    return policy != "refuse" and until is not None and now <= until


def late_state(
    *, reserve_until: datetime, policy: LatePolicy, late_until: datetime, now: datetime
) -> Literal["late", "ask"] | None:
    """How a family may still reserve after the limit: with a surcharge, or by asking."""
    if now <= reserve_until or policy == "refuse":
        return None
    return policy if may_still_try(policy, late_until, now) else None


def place_state(
    *,
    reserved: bool,
    is_open: bool,
    remaining: int,
    reserve_until: datetime,
    now: datetime,
    reserve_from: datetime | None = None,
    late: bool = False,
) -> PlaceState:
    """What a family sees of one child's place at a session; `late`: the limit is not the end."""
    if reserved:
        return "reserved"
    too_early = reserve_from is not None and now < reserve_from
    if not is_open or too_early or (now > reserve_until and not late):
        return "closed"
    return "free" if remaining > 0 else "full"
