"""What enrolment's facts look like to others."""

import pytest

from contracts.envelope import Event
from contracts.events.enrolment import (
    EnrolmentAccepted,
    EnrolmentRefused,
    EnrolmentRequested,
    EnrolmentReturned,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
)
from services.enrolment import publishing
from services.enrolment.enrolments_model import Enrolment, Status
from tests.unit.enrolment.builders import AGENT, NOW, PARENT, TODAY, activity, request

CANTEEN = activity()


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


def test_the_reason_of_a_refusal_stays_between_town_and_family() -> None:
    told = publishing.reached(request().refuse("Impayés de Mme Martin", NOW, AGENT))
    assert "Impayés" not in told.model_dump_json()


def test_a_published_activity_carries_its_deadline_rules() -> None:
    told = publishing.published(CANTEEN)
    assert (told.reserve_rule.kind, told.reserve_rule.days) == ("working_days_before", 2)
    assert told.key == CANTEEN.activity_id


def test_a_child_that_leaves_is_told_with_its_last_day() -> None:
    enrolled = request(CANTEEN).accept(CANTEEN, NOW, AGENT)
    told = publishing.reached(enrolled.withdraw(TODAY, NOW, PARENT))
    assert isinstance(told, EnrolmentWithdrawn)
    assert told.ends_on == TODAY


def test_a_draft_is_told_to_nobody() -> None:
    with pytest.raises(ValueError, match="draft"):
        publishing.reached(request(CANTEEN, status=Status.DRAFT))
