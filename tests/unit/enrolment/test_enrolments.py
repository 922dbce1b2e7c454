"""A request's life: what may follow what, and who is told when it ends."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.errors import DomainError
from services.enrolment.errors import AlreadyDecided, BadWithdrawal
from services.enrolment.model.enrolments import NEXT, Enrolment, Status
from tests.unit.enrolment.builders import (
    AGENT,
    NOW,
    PARENT,
    TODAY,
    YEAR,
    activity,
    offer,
    request,
)


def test_a_request_covers_the_whole_period_of_the_activity() -> None:
    canteen = activity()
    asked = request(canteen)
    assert (asked.starts_on, asked.ends_on) == (YEAR.starts_on, YEAR.ends_on)
    assert (asked.status, asked.version) == (Status.SUBMITTED, 1)


def test_an_accepted_request_takes_the_period_that_holds_at_that_time() -> None:
    canteen = activity()
    asked = request(canteen)
    shorter = canteen.published_as(offer(ends_on=date(2027, 6, 25)), in_use=False)
    accepted = asked.accept(shorter, NOW, AGENT)
    assert (accepted.status, accepted.ends_on) == (Status.ACCEPTED, date(2027, 6, 25))


def test_every_decision_is_dated_and_signed_in_the_history() -> None:
    later = NOW + timedelta(hours=3)
    refused = request().refuse("Dossier incomplet", later, AGENT)
    assert [(s.version, s.status, s.at) for s in refused.history] == [
        (1, Status.SUBMITTED, NOW),
        (2, Status.REFUSED, later),
    ]
    assert (refused.last.note, refused.last.hand) == ("Dossier incomplet", AGENT)


def test_accepting_twice_is_accepting_once() -> None:
    canteen = activity()
    accepted = request(canteen).accept(canteen, NOW, AGENT)
    assert accepted.accept(canteen, NOW + timedelta(days=1), AGENT) == accepted


def test_a_decision_is_not_turned_round() -> None:
    canteen = activity()
    with pytest.raises(AlreadyDecided):
        request().refuse("Complet", NOW, AGENT).accept(canteen, NOW, AGENT)
    with pytest.raises(AlreadyDecided):
        request(canteen).accept(canteen, NOW, AGENT).refuse("Complet", NOW, AGENT)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(["accept", "refuse"]), max_size=6))
def test_whatever_is_decided_versions_grow_by_one_and_one_decision_holds(acts: list[str]) -> None:
    canteen = activity()
    enrolment = request(canteen)
    for act in acts:
        try:
            enrolment = (
                enrolment.accept(canteen, NOW, AGENT)
                if act == "accept"
                else enrolment.refuse("Complet", NOW, AGENT)
            )
        except AlreadyDecided:
            continue
    assert [step.version for step in enrolment.history] == [1, 2][: len(enrolment.history)]
    if acts:
        first = Status.ACCEPTED if acts[0] == "accept" else Status.REFUSED
        assert enrolment.status is first


def test_a_draft_becomes_a_request_and_keeps_the_day_it_was_begun() -> None:
    draft = request(status=Status.DRAFT)
    later = NOW + timedelta(days=2)
    sent = draft.submit(later, PARENT, regulations_version=3)
    assert [(s.status, s.at) for s in sent.history] == [
        (Status.DRAFT, NOW),
        (Status.SUBMITTED, later),
    ]
    assert (sent.version, sent.regulations_version) == (2, 3)


def test_nothing_can_be_decided_of_a_draft() -> None:
    canteen = activity()
    with pytest.raises(AlreadyDecided):
        request(canteen, status=Status.DRAFT).accept(canteen, NOW, AGENT)


def test_a_request_that_was_sent_back_is_sent_again_with_the_familys_word() -> None:
    returned = request().send_back("Il manque l’assurance.", NOW, AGENT)
    again = returned.submit(NOW, PARENT, regulations_version=1, note="Déposée ce matin.")
    assert [s.status for s in again.history] == [
        Status.SUBMITTED,
        Status.RETURNED,
        Status.SUBMITTED,
    ]
    assert (returned.last.note, again.last.note) == ("Il manque l’assurance.", "Déposée ce matin.")


def test_whoever_waits_gets_in_when_a_place_is_freed_from_that_day_on() -> None:
    canteen = activity()
    waiting = request(canteen).wait(NOW, AGENT, rank=4)
    taken_in = waiting.accept(canteen, NOW, AGENT, from_day=date(2027, 1, 11))
    assert (taken_in.starts_on, taken_in.ends_on) == (date(2027, 1, 11), YEAR.ends_on)
    assert (waiting.waiting_rank, taken_in.waiting_rank) == (4, None)


def test_a_child_leaves_after_its_last_day() -> None:
    canteen = activity()
    last = TODAY + timedelta(days=18)
    gone = request(canteen).accept(canteen, NOW, AGENT).withdraw(last, NOW, PARENT)
    assert (gone.status, gone.left_on, gone.ends_on) == (Status.WITHDRAWN, last, last)


def test_without_a_day_the_child_leaves_today() -> None:
    canteen = activity()
    gone = request(canteen).accept(canteen, NOW, AGENT).withdraw(None, NOW, PARENT)
    assert gone.left_on == TODAY


def test_a_request_that_is_withdrawn_before_any_decision_has_no_last_day() -> None:
    assert request().withdraw(TODAY, NOW, PARENT).left_on is None


def test_only_the_staff_write_down_a_day_that_is_past() -> None:
    canteen = activity()
    enrolled = request(canteen).accept(canteen, NOW, AGENT)
    yesterday = TODAY - timedelta(days=1)
    with pytest.raises(BadWithdrawal) as refusal:
        enrolled.withdraw(yesterday, NOW, PARENT)
    assert refusal.value.errors[0].field == "ends_on"
    assert enrolled.withdraw(yesterday, NOW, AGENT).left_on == yesterday


def test_nobody_leaves_after_the_end() -> None:
    canteen = activity()
    with pytest.raises(BadWithdrawal):
        request(canteen).accept(canteen, NOW, AGENT).withdraw(
            YEAR.ends_on + timedelta(days=1), NOW, AGENT
        )


ACTS = ("submit", "send_back", "wait", "accept", "refuse", "withdraw")


def act(enrolment: Enrolment, name: str) -> Enrolment:
    canteen = activity()
    steps = {
        "submit": lambda: enrolment.submit(NOW, PARENT, regulations_version=1),
        "send_back": lambda: enrolment.send_back("Il manque une pièce.", NOW, AGENT),
        "wait": lambda: enrolment.wait(NOW, AGENT),
        "accept": lambda: enrolment.accept(canteen, NOW, AGENT),
        "refuse": lambda: enrolment.refuse("Complet.", NOW, AGENT),
        "withdraw": lambda: enrolment.withdraw(None, NOW, PARENT),
    }
    return steps[name]()


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(ACTS), max_size=10))
def test_every_history_follows_the_table_and_versions_grow_by_one(acts: list[str]) -> None:
    enrolment = request(status=Status.DRAFT)
    for name in acts:
        try:
            enrolment = act(enrolment, name)
        except DomainError:
            continue
    steps = enrolment.history
    assert [step.version for step in steps] == list(range(1, len(steps) + 1))
    for before, after in pairwise(steps):
        assert after.status in NEXT[before.status]
