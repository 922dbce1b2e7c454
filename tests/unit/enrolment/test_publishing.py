"""What enrolment's facts look like to others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from contracts.envelope import Event
from contracts.events.deadlines import HoursBefore, WeekdayBefore, WorkingDaysBefore
from contracts.events.enrolment import (
    AbsenceRule,
    ActivityPublished,
    ActivityPublishedV2,
    AfterDeadline,
    AgeGroup,
    EnrolmentWithdrawn,
    Slot,
    WaitingList,
)
from services.enrolment import publishing
from services.enrolment.model.activities import Activity
from services.enrolment.model.enrolments import Enrolment, Status, Step, Wish
from tests.contract.published import example_id, example_of, written
from tests.unit.enrolment.builders import AGENT, NOW, PARENT, TODAY, activity, offer, request

CANTEEN = activity()
ACTIVITY = example_id("6")
AT_MIDNIGHT = WorkingDaysBefore(days=2, at="23:59")

# The canteen as version 1 tells it, the leisure centre as version 2 does.
SCHOOL_CANTEEN = Activity(
    ACTIVITY,
    2,
    offer(
        name="Restaurant scolaire",
        place="École Jules Ferry",
        slots=(Slot(starts_at="11:45", ends_at="13:20"),),
        reserve_rule=AT_MIDNIGHT,
        cancel_rule=AT_MIDNIGHT,
    ),
)
LEISURE_CENTRE = Activity(
    ACTIVITY,
    3,
    offer(
        name="Accueil de loisirs du mercredi",
        kind="wednesday",
        place="Centre des Prés-Hauts",
        days="wednesdays",
        weekdays=(3,),
        slots=(
            Slot(code="matin", name="Matin", starts_at="08:00", ends_at="12:00"),
            Slot(code="journee", name="Journée", starts_at="08:00", ends_at="18:00", capacity=40),
        ),
        capacity=64,
        age_groups=(
            AgeGroup(name="3 à 5 ans", min_age=3, max_age=5, capacity=24, children_per_adult=8),
            AgeGroup(name="6 à 11 ans", min_age=6, max_age=11, capacity=40, children_per_adult=12),
        ),
        reserve_rule=WeekdayBefore(weekday=4, weeks=1, at="12:00"),
        cancel_rule=WorkingDaysBefore(days=2, at="12:00"),
        after_deadline=AfterDeadline(policy="late", until=HoursBefore(hours=24)),
        waiting_list=WaitingList(mode="offer", answer_hours=24, notice_hours=24),
        absence_rule=AbsenceRule(certificate_days=7),
    ),
)


def asked() -> Enrolment:
    """The request of the examples: a draft that was sent."""
    draft = Enrolment.begun(
        example_id("7"),
        Wish(example_id("1"), example_id("5"), ACTIVITY),
        SCHOOL_CANTEEN,
        status=Status.DRAFT,
        now=NOW,
        hand=PARENT,
    )
    return draft.submit(NOW, PARENT, regulations_version=1)


def answered(answer: Callable[[Enrolment], Enrolment]) -> Event:
    """What is told of an answer to a request that was handed in at once."""
    handed_in = replace(asked(), history=(Step(1, NOW, Status.SUBMITTED, PARENT),))
    return publishing.reached(answer(handed_in))


TOLD: Final = (
    publishing.reached(asked()),
    answered(lambda request: request.accept(SCHOOL_CANTEEN, NOW, AGENT)),
    answered(lambda request: request.refuse("Complet", NOW, AGENT)),
    answered(lambda request: request.send_back("Il manque une pièce", NOW, AGENT)),
    answered(lambda request: request.wait(NOW, AGENT)),
    answered(
        lambda request: request.accept(SCHOOL_CANTEEN, NOW, AGENT).withdraw(
            date(2026, 12, 18), NOW, PARENT
        )
    ),
    publishing.published(SCHOOL_CANTEEN)[0],
    publishing.published(LEISURE_CENTRE)[1],
)


@pytest.mark.parametrize("event", TOLD, ids=lambda event: type(event).__name__)
def test_what_is_told_is_the_published_example(event: Event) -> None:
    assert written(event) == example_of(type(event))


def test_the_steps_of_a_child_s_enrolment_stay_in_order_by_its_family() -> None:
    steps = [
        event for event in TOLD if not isinstance(event, ActivityPublished | ActivityPublishedV2)
    ]
    assert {event.key for event in steps} == {example_id("1")}


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
