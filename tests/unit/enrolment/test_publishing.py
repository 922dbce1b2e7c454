"""What enrolment's facts look like to others."""

import json
from pathlib import Path

import pytest

import contracts
from contracts.envelope import Event
from contracts.events.deadlines import WeekdayBefore, WorkingDaysBefore
from contracts.events.enrolment import (
    EnrolmentAccepted,
    EnrolmentRefused,
    EnrolmentRequested,
    EnrolmentReturned,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
    Slot,
)
from services.enrolment import publishing
from services.enrolment.model.enrolments import Enrolment, Status
from tests.unit.enrolment.builders import AGENT, NOW, PARENT, TODAY, activity, request

CANTEEN = activity()
EXAMPLES = Path(contracts.__file__).parent / "examples"


def has_the_fields_of_the_example(event: Event) -> bool:
    example = EXAMPLES / f"{event.type_name()}.json"
    shown = json.loads(example.read_text(encoding="utf-8"))
    return bool(json.loads(event.model_dump_json()).keys() == shown.keys())


@pytest.mark.parametrize(
    ("enrolment", "event"),
    [
        (request(CANTEEN), EnrolmentRequested),
        (request(CANTEEN).accept(CANTEEN, NOW, AGENT), EnrolmentAccepted),
        (request(CANTEEN).refuse("Complet", NOW, AGENT), EnrolmentRefused),
        (request(CANTEEN).send_back("Il manque une pièce", NOW, AGENT), EnrolmentReturned),
        (request(CANTEEN).wait(NOW, AGENT), EnrolmentWaitlisted),
        (request(CANTEEN).withdraw(None, NOW, PARENT), EnrolmentWithdrawn),
    ],
)
def test_each_step_has_its_event(enrolment: Enrolment, event: type[Event]) -> None:
    told = publishing.reached(enrolment)
    assert type(told) is event
    assert told.key == enrolment.wish.family_id
    assert has_the_fields_of_the_example(told)


def test_the_reason_of_a_refusal_stays_between_town_and_family() -> None:
    told = publishing.reached(request().refuse("Impayés de Mme Martin", NOW, AGENT))
    assert "Impayés" not in told.model_dump_json()


def test_a_child_that_leaves_is_told_with_its_last_day() -> None:
    enrolled = request(CANTEEN).accept(CANTEEN, NOW, AGENT)
    told = publishing.reached(enrolled.withdraw(TODAY, NOW, PARENT))
    assert isinstance(told, EnrolmentWithdrawn)
    assert told.ends_on == TODAY


def test_a_draft_is_told_to_nobody() -> None:
    with pytest.raises(ValueError, match="draft"):
        publishing.reached(request(CANTEEN, status=Status.DRAFT))


def test_a_published_activity_is_told_in_both_versions() -> None:
    first, second = publishing.published(CANTEEN)
    assert (first.reserve_rule.kind, first.reserve_rule.days) == ("working_days_before", 2)
    assert (first.starts_at, first.ends_at) == ("11:45", "13:30")
    assert second.reserve_rule == CANTEEN.offer.reserve_rule
    assert first.key == second.key == CANTEEN.activity_id
    assert first.version == second.version
    assert has_the_fields_of_the_example(first)
    assert has_the_fields_of_the_example(second)


def test_a_rule_that_version_one_cannot_say_is_none_there() -> None:
    rules = {
        "reserve_rule": WeekdayBefore(weekday=4, at="12:00"),
        "cancel_rule": WorkingDaysBefore(days=2, at="12:00", not_counted=("saturday",)),
    }
    first, second = publishing.published(activity(**rules))
    assert (first.reserve_rule.kind, first.cancel_rule.kind) == ("none", "none")
    assert (second.reserve_rule, second.cancel_rule) == tuple(rules.values())


def test_version_one_tells_the_hours_from_the_first_slot_to_the_last() -> None:
    slots = (
        Slot(code="matin", name="Matin", starts_at="08:00", ends_at="12:00"),
        Slot(code="apres-midi", name="Après-midi", starts_at="13:30", ends_at="18:00"),
    )
    first, second = publishing.published(activity(slots=slots))
    assert (first.starts_at, first.ends_at) == ("08:00", "18:00")
    assert second.slots == slots
