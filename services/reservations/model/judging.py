"""Whether an item of a basket may have a place, may wait for one, or is decided already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.reservations.model.places import (
    NO_TERMS,
    Asker,
    Booking,
    Item,
    Joining,
    KnownSession,
    Outcome,
    Place,
    Refusal,
    Rival,
    Standing,
    Terms,
    Wish,
    may_still_try,
)

Judgement = Booking | Joining | Wish | Outcome


def judge(place: Place, asker: Asker, now: datetime, terms: Terms = NO_TERMS) -> Judgement:
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
        return _without_room(place, now, terms)
    if place.rival and place.rival.held_by:
        return _overlapping(place, place.rival)
    return _with_room(place, asker, now)


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
    if asker.by_staff or place.session is None:
        return None
    if untimely := out_of_time(place, place.session, now):
        return untimely
    if place.is_elsewhere and place.item not in terms.in_other_home:
        return Outcome.refused(place.item, Refusal.OTHER_HOMES_DAY)
    return None


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
    if session.late_policy == "ask" and place.is_asked:
        return Outcome(place.item, requested=True)
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


def _without_room(place: Place, now: datetime, terms: Terms) -> Joining | Outcome:
    """The line takes who comes in time: after the limit there are no more names on it."""
    if place.standing and place.standing.family_id in place.homes:
        return Outcome(place.item, waiting_id=place.standing.waiting_id)
    if place.item not in terms.to_wait or place.is_late_at(now):
        return Outcome.refused(place.item, Refusal.SESSION_FULL)
    if place.standing:
        return Outcome.refused(place.item, Refusal.OTHER_HOME_WAITS)
    return Joining(place.item, place.homes[0], place.birth_date)


def _with_room(place: Place, asker: Asker, now: datetime) -> Booking | Wish:
    session, late = place.session, place.is_late_at(now)
    if session and late and session.late_policy == "ask" and not asker.by_staff:
        return Wish(place.item, place.homes[0], session.activity_id, session.day)
    return Booking(place.item, place.homes[0], past_deadline=late, birth_date=place.birth_date)


@dataclass(frozen=True, slots=True)
class Basket:
    """A basket as judged: what to book, who joins a line, what the staff are asked, the rest."""

    bookings: list[Booking] = field(default_factory=list)
    joinings: list[Joining] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    decided: dict[Item, Outcome] = field(default_factory=dict)


def split(places: Sequence[Place], asker: Asker, now: datetime, terms: Terms = NO_TERMS) -> Basket:
    """Judge a basket; of two places at the same hours the second waits to hear of the first."""
    basket, booked = Basket(), list[Place]()
    for place in places:
        match judge(place, asker, now, terms):
            case Booking() as booking if not any(place.meets(other) for other in booked):
                basket.bookings.append(booking)
                booked.append(place)
            case Joining() as joining:
                basket.joinings.append(joining)
            case Wish() as wish:
                basket.wishes.append(wish)
            case Outcome() as outcome:
                basket.decided[outcome.item] = outcome
    return basket


def with_ranks(outcomes: Sequence[Outcome], ranks: Mapping[UUID, int]) -> list[Outcome]:
    """The outcomes, those who wait with their place in the line."""
    return [replace(o, rank=ranks[o.waiting_id]) if o.waiting_id else o for o in outcomes]
