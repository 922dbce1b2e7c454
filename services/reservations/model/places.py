"""Keeping a place and giving it back: who may, until when, and what it means for the charge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NamedTuple, Self
from uuid import UUID

from services.reservations.errors import SessionStarted
from services.reservations.model.custody import Custody
from services.reservations.model.deadlines import in_words

PlaceState = Literal["free", "reserved", "full", "closed"]
Result = Literal["confirmed", "waitlisted", "refused"]


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
    Refusal.DEADLINE_PASSED: "La réservation était possible jusqu’au {until}.",
    Refusal.OTHER_HOMES_DAY: "Ce jour-là, l’enfant est dans son autre foyer : "
    "confirmez pour réserver quand même.",
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
    """One item as things stand; `homes` are the asker's families whose enrolment covers the day."""

    item: Item
    session: KnownSession | None
    homes: tuple[UUID, ...]
    held_by: UUID | None = None
    reservation_id: UUID | None = None
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

    Which age group it counts in depends on the birth date.
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
class Outcome:
    """What became of one item: kept, waiting at a rank, or refused.

    `instead_of` is the family's own reservation that stands in its way.
    """

    item: Item
    reservation_id: UUID | None = None
    refusal: Refusal | None = None
    detail: str | None = None
    waiting_id: UUID | None = None
    rank: int | None = None
    instead_of: UUID | None = None

    @property
    def result(self) -> Result:
        """In one word."""
        if self.refusal:
            return "refused"
        return "confirmed" if self.reservation_id else "waitlisted"

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


def judge(
    place: Place, asker: Asker, now: datetime, terms: Terms = NO_TERMS
) -> Booking | Joining | Outcome:
    """Whether a place may be asked for; an outcome when it is decided without that.

    The staff are not held to deadlines; that they passed is recorded.
    """
    if (settled := _without_asking(place)) is not None:
        return settled
    if place.standing and place.is_promised_at(now):
        return _taken_up(place, place.standing)
    if (refused := _out_of_order(place, asker, now, terms)) is not None:
        return refused
    if not place.has_room:
        return _without_room(place, terms)
    if place.rival and place.rival.held_by:
        return _overlapping(place, place.rival)
    return Booking(
        place.item,
        place.homes[0],
        past_deadline=place.is_late_at(now),
        birth_date=place.birth_date,
    )


def _without_asking(place: Place) -> Outcome | None:
    """Whether there is anything to ask for, and for whom."""
    if place.session is None:
        return Outcome.refused(place.item, Refusal.UNKNOWN_SESSION)
    if not place.homes:
        return Outcome.refused(place.item, Refusal.NOT_ENROLLED)
    if place.held_by in place.homes:
        return Outcome(place.item, place.reservation_id)
    if place.held_by is not None:
        return Outcome.refused(place.item, Refusal.OTHER_HOME)
    return None


def _out_of_order(place: Place, asker: Asker, now: datetime, terms: Terms) -> Outcome | None:
    """Whether it may be asked for by this asker and now."""
    if len(place.homes) > 1:
        return Outcome.refused(place.item, Refusal.TWO_HOMES)
    if not place.is_open:
        return Outcome.refused(place.item, Refusal.SESSION_CLOSED)
    if place.session and place.is_late_at(now) and not asker.by_staff:
        until = place.session.reserve_until
        return Outcome.refused(place.item, Refusal.DEADLINE_PASSED, until)
    if place.is_elsewhere and not (asker.by_staff or place.item in terms.in_other_home):
        return Outcome.refused(place.item, Refusal.OTHER_HOMES_DAY)
    return None


def _taken_up(place: Place, offer: Standing) -> Booking | Outcome:
    if place.rival and place.rival.held_by:
        return _overlapping(place, place.rival)
    return Booking(
        place.item,
        offer.family_id,
        past_deadline=False,
        birth_date=place.birth_date,
        promised=True,
    )


def _overlapping(place: Place, rival: Rival) -> Outcome:
    own = rival.reservation_id if rival.held_by in place.homes else None
    return Outcome.refused(place.item, Refusal.OVERLAP, rival=rival.name, instead_of=own)


def _without_room(place: Place, terms: Terms) -> Joining | Outcome:
    if place.standing and place.standing.family_id in place.homes:
        return Outcome(place.item, waiting_id=place.standing.waiting_id)
    if place.item not in terms.to_wait:
        return Outcome.refused(place.item, Refusal.SESSION_FULL)
    if place.standing:
        return Outcome.refused(place.item, Refusal.OTHER_HOME_WAITS)
    return Joining(place.item, place.homes[0], place.birth_date)


@dataclass(frozen=True, slots=True)
class Basket:
    """A basket as judged: what to book, who joins a line, what is decided already."""

    bookings: list[Booking]
    joinings: list[Joining]
    decided: dict[Item, Outcome]


def split(places: Sequence[Place], asker: Asker, now: datetime, terms: Terms = NO_TERMS) -> Basket:
    """Judge a basket; of two places at the same hours the second waits to hear of the first."""
    basket = Basket([], [], {})
    booked: list[Place] = []
    for place in places:
        match judge(place, asker, now, terms):
            case Booking() as booking if not any(place.meets(other) for other in booked):
                basket.bookings.append(booking)
                booked.append(place)
            case Joining() as joining:
                basket.joinings.append(joining)
            case Outcome() as outcome:
                basket.decided[outcome.item] = outcome
    return basket


def with_ranks(outcomes: Sequence[Outcome], ranks: Mapping[UUID, int]) -> list[Outcome]:
    """The outcomes, those who wait with their place in the line."""
    return [replace(o, rank=ranks[o.waiting_id]) if o.waiting_id else o for o in outcomes]


@dataclass(frozen=True, slots=True)
class Kept:
    """A booking that was made: `version` orders all that ever happens to this item."""

    item: Item
    reservation_id: UUID
    version: int
    family_id: UUID
    activity_id: UUID
    day: date


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


def place_state(
    *, reserved: bool, is_open: bool, remaining: int, reserve_until: datetime, now: datetime
) -> PlaceState:
    """What a family sees of one child's place at a session."""
    if reserved:
        return "reserved"
    if not is_open or now > reserve_until:
        return "closed"
    return "free" if remaining > 0 else "full"
