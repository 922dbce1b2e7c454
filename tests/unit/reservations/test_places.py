"""Who may keep a place, until when, and what giving it back costs."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.reservations.errors import SessionStarted
from services.reservations.model.deadlines import at_paris
from services.reservations.model.judging import Judgement, judge, split
from services.reservations.model.places import (
    Booking,
    Item,
    Outcome,
    Refusal,
    Reservation,
    Wish,
    place_state,
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
START = at_paris(date(2026, 11, 27), time(11, 45))
DAY = timedelta(days=1)
TO_THE_STAFF: dict[str, Any] = {"late_policy": "ask", "late_until": START}


def refusal(outcome: Judgement) -> Refusal | None:
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
    asked = place(session=known_session(reserve_until=NOW - DAY, **TO_THE_STAFF))
    judged = split([unknown, free, asked], parent(), NOW)
    assert [booking.item for booking in judged.bookings] == [free.item]
    assert [wish.item for wish in judged.wishes] == [asked.item]
    assert list(judged.decided) == [unknown.item]


def test_after_the_limit_a_place_is_kept_late_where_the_activity_says_so() -> None:
    late = place(session=known_session(late_policy="late", late_until=START))
    booking = judge(late, parent(), TOO_LATE)
    assert isinstance(booking, Booking)
    assert booking.past_deadline
    assert refusal(judge(late, parent(), START + timedelta(seconds=1))) == "deadline-passed"


def test_after_the_limit_the_staff_are_asked_where_the_activity_says_so() -> None:
    to_ask = place(session=known_session(**TO_THE_STAFF))
    assert isinstance(judge(to_ask, parent(), UNTIL), Booking)
    assert isinstance(judge(to_ask, parent(), TOO_LATE), Wish)
    # The staff need not ask themselves.
    assert isinstance(judge(to_ask, agent(FAMILY), TOO_LATE), Booking)


def test_what_waits_for_an_answer_is_not_asked_again() -> None:
    pending = judge(place(session=known_session(**TO_THE_STAFF), is_asked=True), parent(), TOO_LATE)
    assert isinstance(pending, Outcome)
    assert pending.verdict == "requested"


def test_nobody_asks_for_a_place_that_there_is_not() -> None:
    full = place(session=known_session(free=0, **TO_THE_STAFF))
    assert refusal(judge(full, parent(), TOO_LATE)) == "session-full"


def test_before_the_window_opens_a_family_reads_when_it_does() -> None:
    opens = NOW + timedelta(hours=1)
    early = place(session=known_session(reserve_from=opens))
    refused = judge(early, parent(), NOW)
    assert refusal(refused) == "not-open-yet"
    assert isinstance(refused, Outcome)
    assert refused.detail == "La réservation ouvre le lundi 23 novembre à 11:30."
    assert isinstance(judge(early, parent(), opens), Booking)
    assert isinstance(judge(early, agent(FAMILY), NOW), Booking)


def test_a_session_of_no_window_is_for_the_staff_alone() -> None:
    never = place(session=known_session(reserve_from=START, reserve_until=START, **TO_THE_STAFF))
    for now in (NOW, UNTIL, START):
        assert refusal(judge(never, parent(), now)) == "not-in-a-period"
    assert isinstance(judge(never, agent(FAMILY), NOW), Booking)


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
