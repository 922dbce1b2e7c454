"""What is told and heard agrees with the published examples."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import contracts
from contracts.envelope import Event
from contracts.events.accounts import FamilyFileUpdated
from contracts.events.enrolment import ActivityPublishedV2, EnrolmentAccepted
from contracts.events.reservations import (
    AttendanceRecorded,
    LateReservationAnswered,
    MealsOrdered,
    ReservationCancelled,
    ReservationMade,
    SessionClosed,
)
from services.reservations import publishing, subscribers
from services.reservations.model.absences import Absence
from services.reservations.model.kitchen import Meal, MealSession, Order
from services.reservations.model.late_asks import LateAsk
from services.reservations.model.periods import Period
from services.reservations.model.places import Item, Kept, Reservation
from services.reservations.model.roll import HeldSession, Line, Mark
from services.reservations.model.waiting import Wait
from tests.unit.reservations.builders import FAMILY, NOW, activity

ITEM = Item(uuid4(), uuid4())
DAY = date(2026, 11, 27)
ACTIVITY = activity().activity_id
EXAMPLES = Path(contracts.__file__).parent / "examples"


def example(event: type[Event]) -> str:
    return (EXAMPLES / f"{event.type_name()}.json").read_text(encoding="utf-8")


def told() -> list[Event]:
    reservation_id = uuid4()
    kept = Kept(ITEM, reservation_id, 3, FAMILY, ACTIVITY, DAY)
    held = Reservation(
        item=ITEM,
        reservation_id=reservation_id,
        version=3,
        family_id=FAMILY,
        activity_id=ACTIVITY,
        day=DAY,
        confirmed=True,
        late=False,
        starts_at=NOW,
        cancel_until=NOW,
    )
    mark = Mark(ITEM.child_id, "present", NOW, uuid4())
    line = Line(ITEM.child_id, FAMILY, uuid4(), reservation_id, (mark,)).settled()
    return [
        publishing.made(kept),
        publishing.cancelled(held, 4, late=True),
        publishing.recorded(HeldSession(ITEM.session_id, ACTIVITY, DAY, NOW), line),
    ]


def told_of_lines_and_asks() -> list[Event]:
    wait = Wait(uuid4(), 1, ITEM, FAMILY, ACTIVITY, DAY, "waiting")
    ask = LateAsk(uuid4(), 1, ITEM, FAMILY, ACTIVITY, DAY)
    absence = Absence(uuid4(), FAMILY, ITEM.child_id, Period(DAY, DAY), "illness")
    return [
        publishing.joined_line(wait),
        publishing.offered(replace(wait, state="offered", answer_until=NOW)),
        publishing.left_line(replace(wait, state="placed"), "placed"),
        publishing.asked(ask),
        publishing.answered(ask.answered("accepted")),
        publishing.ask_withdrawn(ask.answered("withdrawn")),
        publishing.absence_answered(absence, sessions=2, free=1),
    ]


def told_of_sessions() -> list[Event]:
    session = HeldSession(ITEM.session_id, ACTIVITY, DAY, NOW)
    meals = (Meal("JULES-FERRY", "standard", 84),)
    served = MealSession(ITEM.session_id, ACTIVITY, DAY, "École Jules Ferry", NOW, meals)
    return [publishing.closed(session, "Grève"), publishing.ordered(Order.first(served))]


def has_the_fields_of_the_example(event: Event) -> bool:
    shown = json.loads(example(type(event)))
    return bool(json.loads(event.model_dump_json()).keys() == shown.keys())


@pytest.mark.parametrize(
    "event", [*told(), *told_of_lines_and_asks()], ids=lambda event: type(event).__name__
)
def test_what_we_tell_of_a_family_has_the_fields_of_the_example(event: Event) -> None:
    assert has_the_fields_of_the_example(event)
    assert event.key == FAMILY


@pytest.mark.parametrize("event", told_of_sessions(), ids=lambda event: type(event).__name__)
def test_what_we_tell_of_a_session_has_the_fields_of_the_example(event: Event) -> None:
    assert has_the_fields_of_the_example(event)
    assert event.key == ACTIVITY


def test_each_meal_is_told_as_in_the_example() -> None:
    _, ordered = told_of_sessions()
    assert isinstance(ordered, MealsOrdered)
    (meal,) = ordered.meals
    assert meal.model_dump().keys() == json.loads(example(MealsOrdered))["meals"][0].keys()


def test_a_closed_session_is_told_with_its_reason_and_its_places_go_uncharged() -> None:
    closed = publishing.closed(HeldSession(ITEM.session_id, ACTIVITY, DAY, NOW), "Grève")
    assert isinstance(closed, SessionClosed)
    assert (closed.key, closed.reason) == (ACTIVITY, "Grève")
    freed = publishing.freed(Kept(ITEM, uuid4(), 4, FAMILY, ACTIVITY, DAY))
    assert (freed.cause, freed.late, freed.version) == ("closure", False, 4)


def test_what_is_asked_and_answered_is_told_without_the_staff_s_reason() -> None:
    ask = LateAsk(uuid4(), 1, ITEM, FAMILY, ACTIVITY, DAY)
    refused = publishing.answered(ask.answered("refused", "Effectif complet pour Léa"))
    assert isinstance(refused, LateReservationAnswered)
    assert (refused.version, refused.accepted) == (2, False)
    assert "Léa" not in refused.model_dump_json()
    assert publishing.asked(ask).key == FAMILY


def test_the_three_facts_are_of_one_place() -> None:
    made, cancelled, recorded = told()
    assert isinstance(made, ReservationMade)
    assert isinstance(cancelled, ReservationCancelled)
    assert isinstance(recorded, AttendanceRecorded)
    assert {e.session_id for e in (made, cancelled, recorded)} == {ITEM.session_id}
    assert (made.version, cancelled.version, cancelled.late) == (3, 4, True)
    assert recorded.reservation_id == made.reservation_id == cancelled.reservation_id


def test_the_examples_we_listen_to_are_understood() -> None:
    wednesday = subscribers.activity(
        ActivityPublishedV2.model_validate_json(example(ActivityPublishedV2))
    )
    assert wednesday.slots
    assert wednesday.reserve_rule.kind
    enrolment = subscribers.enrolment(
        EnrolmentAccepted.model_validate_json(example(EnrolmentAccepted))
    )
    assert isinstance(enrolment.child_id, UUID)
    family = subscribers.family(FamilyFileUpdated.model_validate_json(example(FamilyFileUpdated)))
    assert [child.first_name for child in family.children] == ["Lou"]
