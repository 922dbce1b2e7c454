"""Who may keep a place, until when, and what giving it back costs."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from services.reservations.errors import SessionStarted
from services.reservations.model.deadlines import at_paris
from services.reservations.model.places import (
    Booking,
    Item,
    Joining,
    Outcome,
    Refusal,
    Reservation,
    judge,
    place_state,
    split,
)
from tests.unit.reservations.builders import (
    FAMILY,
    NOW,
    OTHER_HOME,
    agent,
    known_session,
    parent,
    place,
)

UNTIL = known_session().reserve_until
TOO_LATE = UNTIL + timedelta(seconds=1)


def refusal(outcome: Booking | Joining | Outcome) -> Refusal | None:
    assert isinstance(outcome, Outcome)
    return outcome.refusal


def test_an_enrolled_child_may_be_booked_before_the_deadline() -> None:
    free = place()
    assert judge(free, parent(), NOW) == Booking(free.item, FAMILY, past_deadline=False)


def test_the_deadline_itself_is_still_in_time() -> None:
    assert isinstance(judge(place(), parent(), UNTIL), Booking)
    assert refusal(judge(place(), parent(), TOO_LATE)) is Refusal.DEADLINE_PASSED


def test_the_refusal_says_until_when_it_was_possible() -> None:
    outcome = judge(place(), parent(), TOO_LATE)
    assert isinstance(outcome, Outcome)
    assert outcome.detail == "La réservation était possible jusqu’au mercredi 25 novembre à 12:00."


def test_the_staff_may_book_past_the_deadline_and_it_is_recorded() -> None:
    booking = judge(place(), agent(), TOO_LATE)
    assert isinstance(booking, Booking)
    assert booking.past_deadline


def test_an_unknown_session_a_stranger_and_a_closed_session_are_refused() -> None:
    assert refusal(judge(place(session=None), parent(), NOW)) is Refusal.UNKNOWN_SESSION
    assert refusal(judge(place(homes=()), parent(), NOW)) is Refusal.NOT_ENROLLED
    closed = place(session=known_session(open=False))
    assert refusal(judge(closed, parent(), NOW)) is Refusal.SESSION_CLOSED
    assert refusal(judge(closed, agent(), NOW)) is Refusal.SESSION_CLOSED


def test_a_full_session_is_refused_to_everyone() -> None:
    full = place(session=known_session(free=0))
    assert refusal(judge(full, parent(), NOW)) is Refusal.SESSION_FULL
    assert refusal(judge(full, agent(), NOW)) is Refusal.SESSION_FULL
    overfull = place(session=known_session(free=-2))
    assert refusal(judge(overfull, parent(), NOW)) is Refusal.SESSION_FULL


def test_what_is_already_reserved_is_confirmed_again_even_past_the_deadline() -> None:
    held = place(held_by=FAMILY, reservation_id=uuid4())
    assert judge(held, parent(), TOO_LATE) == Outcome(held.item, held.reservation_id)


def test_a_child_has_one_place_whichever_home_reserves() -> None:
    held = place(held_by=OTHER_HOME, reservation_id=uuid4())
    assert refusal(judge(held, parent(), NOW)) is Refusal.OTHER_HOME


def test_the_staff_must_say_which_of_two_homes_reserves() -> None:
    assert refusal(judge(place(homes=(FAMILY, OTHER_HOME)), agent(), NOW)) is Refusal.TWO_HOMES


def test_a_basket_is_split_into_what_to_book_and_what_is_decided() -> None:
    free, unknown = place(), place(session=None)
    basket = split([unknown, free], parent(), NOW)
    assert [booking.item for booking in basket.bookings] == [free.item]
    assert list(basket.decided) == [unknown.item]


def held_reservation() -> Reservation:
    day = date(2026, 11, 27)
    return Reservation(
        item=Item(uuid4(), uuid4()),
        reservation_id=uuid4(),
        version=1,
        family_id=FAMILY,
        activity_id=uuid4(),
        day=day,
        confirmed=True,
        late=False,
        starts_at=at_paris(day, time(11, 45)),
        cancel_until=at_paris(date(2026, 11, 25), time(12)),
    )


def test_giving_back_in_time_is_free_and_late_is_charged() -> None:
    held = held_reservation()
    assert not held.late_at(held.cancel_until, by_staff=False)
    assert held.late_at(held.cancel_until + timedelta(seconds=1), by_staff=False)


def test_a_family_cannot_give_back_what_has_begun_but_the_staff_can() -> None:
    held = replace(held_reservation(), starts_at=datetime(2026, 11, 20, 11, tzinfo=UTC))
    with pytest.raises(SessionStarted):
        held.late_at(NOW, by_staff=False)
    assert held.late_at(TOO_LATE, by_staff=True)


@pytest.mark.parametrize(
    ("reserved", "is_open", "remaining", "now", "state"),
    [
        (False, True, 3, UNTIL, "free"),
        (False, True, 0, UNTIL, "full"),
        (False, True, 3, TOO_LATE, "closed"),
        (False, True, 0, TOO_LATE, "closed"),
        (False, False, 3, UNTIL, "closed"),
        (True, True, 0, TOO_LATE, "reserved"),
        (True, False, 0, TOO_LATE, "reserved"),
    ],
)
def test_what_a_family_sees_of_a_place(
    reserved: bool, is_open: bool, remaining: int, now: datetime, state: str
) -> None:
    seen = place_state(
        reserved=reserved, is_open=is_open, remaining=remaining, reserve_until=UNTIL, now=now
    )
    assert seen == state
