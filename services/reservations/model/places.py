"""Keeping a place and giving it back: who may, until when, and what it means for the charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NamedTuple, Self
from uuid import UUID

from services.reservations.errors import SessionStarted
from services.reservations.model.activities import LatePolicy
from services.reservations.model.deadlines import in_words
from services.reservations.model.periods import Period

PlaceState = Literal["free", "reserved", "full", "closed"]


class Item(NamedTuple):
    """One child at one session: the unit of reservation, roll and charge."""

    child_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class Pattern:
    """Some weekdays (ISO numbers) of an activity over a period."""

    activity_id: UUID
    weekdays: frozenset[int]
    period: Period


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
    ASK_REFUSED = "late-request-refused"
    SESSION_FULL = "session-full"


DETAILS = {
    Refusal.UNKNOWN_SESSION: "Cette séance n’existe pas.",
    Refusal.NOT_ENROLLED: "L’enfant n’est pas inscrit à cette activité à cette date.",
    Refusal.TWO_HOMES: "L’enfant a deux foyers : précisez lequel réserve.",
    Refusal.OTHER_HOME: "La place de l’enfant est déjà réservée par son autre foyer.",
    Refusal.SESSION_CLOSED: "Cette séance n’est plus ouverte à la réservation.",
    Refusal.NOT_OPEN_YET: "La réservation ouvre le {until}.",
    Refusal.NOT_IN_A_PERIOD: "Aucune période de réservation n’est ouverte pour cette date.",
    Refusal.DEADLINE_PASSED: "La réservation était possible jusqu’au {until}.",
    Refusal.ASK_REFUSED: "Votre demande tardive pour cette séance a été refusée.",
    Refusal.SESSION_FULL: "Il n’y a plus de place à cette séance.",
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants places: a family for itself, or the staff for one (None: the child's only home)."""

    family_id: UUID | None
    by_staff: bool
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class KnownSession:
    """What decides about a session. `free` places are counted again under its lock."""

    activity_id: UUID
    day: date
    open: bool
    reserve_until: datetime
    free: int
    reserve_from: datetime | None = None
    late_policy: LatePolicy = "refuse"
    late_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One item as things stand; `homes` are the asker's families whose enrolment covers the day.

    `asked`: where the home's ask to the staff stands.
    """

    item: Item
    session: KnownSession | None
    homes: tuple[UUID, ...]
    held_by: UUID | None = None
    reservation_id: UUID | None = None
    asked: Literal["pending", "accepted", "refused"] | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A place that is kept if the session still has one under its lock.

    `past_deadline` for a family: late, and charged with the surcharge.
    """

    item: Item
    family_id: UUID
    past_deadline: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A place that the staff are asked for, for the limit has passed."""

    item: Item
    family_id: UUID
    activity_id: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: kept (`late`: with a surcharge), refused, or asked for."""

    item: Item
    reservation_id: UUID | None = None
    refusal: Refusal | None = None
    detail: str | None = None
    late: bool = False
    requested: bool = False

    @property
    def verdict(self) -> Literal["confirmed", "requested", "refused"]:
        """The outcome in one word."""
        if self.refusal:
            return "refused"
        return "requested" if self.requested else "confirmed"

    @classmethod
    def refused(cls, item: Item, refusal: Refusal, until: datetime | None = None) -> Self:
        """Not kept, and why."""
        detail = DETAILS[refusal].format(until=in_words(until) if until else "")
        return cls(item, refusal=refusal, detail=detail)


Verdict = Booking | Wish | Outcome


def judge(place: Place, asker: Asker, now: datetime) -> Verdict:
    """Whether a place may be asked for; an outcome when it is decided without that.

    The staff are not held to deadlines; that they passed is recorded.
    """
    session = place.session
    if session is None:
        return Outcome.refused(place.item, Refusal.UNKNOWN_SESSION)
    if not place.homes:
        return Outcome.refused(place.item, Refusal.NOT_ENROLLED)
    if place.held_by in place.homes:
        return Outcome(place.item, place.reservation_id)
    if place.held_by is not None:
        return Outcome.refused(place.item, Refusal.OTHER_HOME)
    if len(place.homes) > 1:
        return Outcome.refused(place.item, Refusal.TWO_HOMES)
    if not session.open:
        return Outcome.refused(place.item, Refusal.SESSION_CLOSED)
    if not asker.by_staff and (untimely := out_of_time(place, session, now)):
        return untimely
    if session.free <= 0:
        return Outcome.refused(place.item, Refusal.SESSION_FULL)
    late = now > session.reserve_until
    if late and session.late_policy == "ask" and not asker.by_staff:
        return Wish(place.item, place.homes[0], session.activity_id, session.day)
    return Booking(place.item, place.homes[0], past_deadline=late)


def out_of_time(place: Place, session: KnownSession, now: datetime) -> Outcome | None:
    """Why a family comes too early or too late; None when it is in time, or may still try."""
    opens = session.reserve_from
    if opens and opens >= session.reserve_until:
        return Outcome.refused(place.item, Refusal.NOT_IN_A_PERIOD)
    if opens and now < opens:
        return Outcome.refused(place.item, Refusal.NOT_OPEN_YET, opens)
    if now <= session.reserve_until:
        return None
    if not may_still_try(session.late_policy, session.late_until, now):
        return Outcome.refused(place.item, Refusal.DEADLINE_PASSED, session.reserve_until)
    if session.late_policy == "ask" and place.asked == "pending":
        return Outcome(place.item, requested=True)
    if session.late_policy == "ask" and place.asked == "refused":
        return Outcome.refused(place.item, Refusal.ASK_REFUSED)
    return None


def may_still_try(policy: LatePolicy, until: datetime | None, now: datetime) -> bool:
    """Whether the limit that passed is not the end of it."""
    return policy != "refuse" and until is not None and now <= until


class Split(NamedTuple):
    """A basket judged: what is to be booked, what is asked of the staff, what is decided."""

    bookings: list[Booking]
    wishes: list[Wish]
    decided: dict[Item, Outcome]


def split(places: Sequence[Place], asker: Asker, now: datetime) -> Split:
    """What is to be booked, what is to be asked, and what is decided already."""
    judged = [judge(place, asker, now) for place in places]
    return Split(
        bookings=[j for j in judged if isinstance(j, Booking)],
        wishes=[j for j in judged if isinstance(j, Wish)],
        decided={j.item: j for j in judged if isinstance(j, Outcome)},
    )


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
