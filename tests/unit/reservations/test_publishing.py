"""What is told and heard agrees with the published examples."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from contracts.envelope import Event
from contracts.events.accounts import FamilyFileUpdated
from contracts.events.enrolment import ActivityPublishedV2, EnrolmentAccepted
from services.reservations import publishing, subscribers
from services.reservations.model.absences import Absence
from services.reservations.model.kitchen import Meal, MealSession, Order
from services.reservations.model.late_asks import LateAsk
from services.reservations.model.periods import Period
from services.reservations.model.places import Item, Kept, Reservation
from services.reservations.model.roll import HeldSession, Line, Mark
from services.reservations.model.waiting import Wait
from tests.contract.published import example_id, example_of, written
from tests.unit.reservations.builders import NOW

FAMILY = example_id("1")
ACTIVITY = example_id("6")
RESERVATION = example_id("8")
ITEM = Item(child_id=example_id("5"), session_id=example_id("9"))
DAY = date(2026, 11, 26)

KEPT = Kept(ITEM, RESERVATION, 2, FAMILY, ACTIVITY, DAY)
HELD = Reservation(
    item=ITEM,
    reservation_id=RESERVATION,
    version=1,
    family_id=FAMILY,
    activity_id=ACTIVITY,
    day=DAY,
    confirmed=True,
    late=False,
    starts_at=NOW,
    cancel_until=NOW,
)
SESSION = HeldSession(ITEM.session_id, ACTIVITY, DAY, NOW)
WAIT = Wait(example_id("b"), 1, ITEM, FAMILY, ACTIVITY, DAY, "waiting")
OFFERED = replace(
    WAIT, version=2, state="offered", answer_until=datetime(2026, 11, 24, 11, tzinfo=UTC)
)
ASK = LateAsk(example_id("c"), 1, ITEM, FAMILY, ACTIVITY, DAY)
TOO_LATE = "Le certificat est arrivé le 07/12/2026 ; il était attendu au plus tard le 03/12/2026."
ABSENCE = Absence(
    absence_id=example_id("e"),
    family_id=FAMILY,
    child_id=ITEM.child_id,
    period=Period(date(2026, 11, 26), date(2026, 11, 27)),
    reason_kind="illness",
    state="refused",
    refusal=TOO_LATE,
    version=2,
)


def roll_line() -> Line:
    """First marked absent, then present: the second time the roll tells of the child."""
    mark = Mark(ITEM.child_id, "absent", NOW, example_id("91"))
    seen = Mark(ITEM.child_id, "present", NOW, example_id("92"))
    line = Line(ITEM.child_id, FAMILY, example_id("a"), RESERVATION, (mark,)).settled()
    return line.with_mark(seen).settled()


def order() -> Order:
    """A session's meals, of two kinds."""
    meals = (Meal("JULES-FERRY", "standard", 84), Meal("JULES-FERRY", "vegetarian", 9))
    served = MealSession(ITEM.session_id, ACTIVITY, DAY, "École Jules Ferry", NOW, meals)
    return replace(Order.first(served), order_id=example_id("d"))


TOLD_OF_A_FAMILY: Final[tuple[Event, ...]] = (
    publishing.made(KEPT),
    publishing.cancelled(HELD, 2, late=False),
    publishing.recorded(SESSION, roll_line()),
    publishing.joined_line(WAIT),
    publishing.offered(OFFERED),
    publishing.left_line(replace(WAIT, version=3, state="placed"), "placed"),
    publishing.asked(ASK),
    publishing.answered(ASK.answered("accepted")),
    publishing.ask_withdrawn(ASK.answered("withdrawn")),
    publishing.absence_answered(ABSENCE, sessions=2, free=0),
)
TOLD_OF_A_SESSION: Final[tuple[Event, ...]] = (
    publishing.closed(replace(SESSION, day=date(2027, 5, 7)), "Pont de l’Ascension"),
    publishing.ordered(order()),
)
TOLD: Final = (*TOLD_OF_A_FAMILY, *TOLD_OF_A_SESSION)


@pytest.mark.parametrize("event", TOLD, ids=lambda event: type(event).__name__)
def test_what_is_told_is_the_published_example(event: Event) -> None:
    assert written(event) == example_of(type(event))


def test_what_is_told_of_a_family_stays_in_order_by_it_and_of_a_session_by_its_activity() -> None:
    assert {event.key for event in TOLD_OF_A_FAMILY} == {FAMILY}
    assert {event.key for event in TOLD_OF_A_SESSION} == {ACTIVITY}


def test_a_closed_session_s_places_go_uncharged() -> None:
    freed = publishing.freed(KEPT)
    assert (freed.cause, freed.late, freed.version) == ("closure", False, 2)


def test_what_is_asked_and_answered_is_told_without_the_staff_s_reason() -> None:
    refused = publishing.answered(ASK.answered("refused", "Effectif complet pour Léa"))
    assert (refused.version, refused.accepted) == (2, False)
    assert "Léa" not in refused.model_dump_json()


def test_the_examples_we_listen_to_are_understood() -> None:
    wednesday = subscribers.activity(
        ActivityPublishedV2.model_validate(example_of(ActivityPublishedV2))
    )
    assert [slot.code for slot in wednesday.slots] == ["matin", "journee"]
    assert wednesday.reserve_rule.kind == "weekday_before"
    enrolment = subscribers.enrolment(
        EnrolmentAccepted.model_validate(example_of(EnrolmentAccepted))
    )
    assert enrolment.child_id == ITEM.child_id
    family = subscribers.family(FamilyFileUpdated.model_validate(example_of(FamilyFileUpdated)))
    assert [child.first_name for child in family.children] == ["Lou"]
