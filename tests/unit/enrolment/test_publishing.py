"""What enrolment's facts look like to others."""

import pytest

from contracts.envelope import Event
from contracts.events.enrolment import EnrolmentAccepted, EnrolmentRefused, EnrolmentRequested
from services.enrolment import publishing
from services.enrolment.model import Enrolment
from tests.unit.enrolment.builders import AGENT, NOW, activity, request

CANTEEN = activity()


@pytest.mark.parametrize(
    ("enrolment", "event"),
    [
        (request(CANTEEN), EnrolmentRequested),
        (request(CANTEEN).accept(CANTEEN, NOW, AGENT), EnrolmentAccepted),
        (request(CANTEEN).refuse("Complet", NOW, AGENT), EnrolmentRefused),
    ],
)
def test_each_step_has_its_event(enrolment: Enrolment, event: type[Event]) -> None:
    told = publishing.reached(enrolment)
    assert type(told) is event
    assert told.key == enrolment.family_id


def test_the_reason_of_a_refusal_stays_between_town_and_family() -> None:
    told = publishing.reached(request().refuse("Impayés de Mme Martin", NOW, AGENT))
    assert "Impayés" not in told.model_dump_json()


def test_a_published_activity_carries_its_deadline_rules() -> None:
    told = publishing.published(CANTEEN)
    assert (told.reserve_rule.kind, told.reserve_rule.days) == ("working_days_before", 2)
    assert told.key == CANTEEN.activity_id
