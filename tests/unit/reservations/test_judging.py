"""Lines, offers, sessions at the same hours and the other home's days: what is asked for then."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

from services.reservations.model.custody import Custody
from services.reservations.model.deadlines import at_paris
from services.reservations.model.judging import judge, split
from services.reservations.model.places import (
    Booking,
    Item,
    Joining,
    Outcome,
    Place,
    Refusal,
    Rival,
    Standing,
    Terms,
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

FULL = known_session(free=0)
SOON = NOW + timedelta(hours=5)


def to_wait(full: Place) -> Terms:
    return Terms(to_wait=frozenset([full.item]))


def reason(judged: object) -> Refusal | None:
    assert isinstance(judged, Outcome)
    return judged.refusal


def test_who_agrees_to_wait_joins_the_line_of_a_full_session() -> None:
    full = place(session=FULL)
    assert reason(judge(full, parent(), NOW)) is Refusal.SESSION_FULL
    assert judge(full, parent(), NOW, to_wait(full)) == Joining(full.item, FAMILY)


def test_after_the_limit_the_line_takes_nobody() -> None:
    late = place(session=replace(FULL, late_policy="late", late_until=FULL.starts_at))
    after = FULL.reserve_until + timedelta(minutes=1)
    assert reason(judge(late, parent(), after, to_wait(late))) is Refusal.SESSION_FULL


def test_who_waits_already_keeps_the_place_in_the_line() -> None:
    waiting = place(session=FULL, standing=Standing(uuid4(), FAMILY))
    judged = judge(waiting, parent(), NOW, to_wait(waiting))
    assert isinstance(judged, Outcome)
    assert judged.verdict == "waitlisted"


def test_a_child_waits_once_whichever_home_asks() -> None:
    waiting = place(session=FULL, standing=Standing(uuid4(), OTHER_HOME))
    assert reason(judge(waiting, parent(), NOW, to_wait(waiting))) is Refusal.OTHER_HOME_WAITS


def test_an_open_offer_is_taken_up_even_after_the_limit_and_in_a_full_session() -> None:
    offered = place(session=FULL, standing=Standing(uuid4(), FAMILY, answer_until=SOON))
    late = replace(offered, session=replace(FULL, reserve_until=NOW - timedelta(days=1)))
    for held in (offered, late):
        booking = judge(held, parent(), NOW)
        assert isinstance(booking, Booking)
        assert booking.promised
    assert isinstance(judge(offered, parent(), SOON + timedelta(seconds=1)), Outcome)


def test_a_child_is_not_in_two_places_at_once_and_the_other_place_is_named() -> None:
    held = uuid4()
    engaged = place(rival=Rival("Étude", held, held_by=FAMILY))
    judged = judge(engaged, parent(), NOW)
    assert isinstance(judged, Outcome)
    assert (judged.refusal, judged.instead_of) == (Refusal.OVERLAP, held)
    assert judged.detail == "L’enfant a déjà une place aux mêmes heures : Étude."
    theirs = place(rival=Rival("Étude", held, held_by=OTHER_HOME))
    judged = judge(theirs, parent(), NOW)
    assert isinstance(judged, Outcome)
    assert judged.instead_of is None


def test_of_two_places_at_the_same_hours_one_basket_books_the_first() -> None:
    first = place(rival=Rival("Étude"))
    second = replace(first, item=Item(first.item.child_id, uuid4()))
    sibling = place(rival=Rival("Étude"))
    basket = split([first, second, sibling], parent(), NOW)
    assert [booking.item for booking in basket.bookings] == [first.item, sibling.item]
    assert basket.decided == {}


def test_the_other_homes_days_need_a_word_more_but_not_from_the_staff() -> None:
    # Friday 27 November 2026 is in week 48.
    custody = Custody(OTHER_HOME, FAMILY, change_weekday=1)
    away = place(custody=custody)
    assert reason(judge(away, parent(), NOW)) is Refusal.OTHER_HOMES_DAY
    agreed = Terms(in_other_home=frozenset([away.item]))
    assert isinstance(judge(away, parent(), NOW, agreed), Booking)
    assert isinstance(judge(away, agent(FAMILY), NOW), Booking)
    monday = date(2026, 11, 30)
    later = known_session(day=monday, reserve_until=at_paris(monday, time(8)))
    assert isinstance(judge(place(custody=custody, session=later), parent(), NOW), Booking)
