"""What a certificate excuses: the rules of real towns, and what holds of any."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.enrolment import AbsenceRule
from services.reservations.errors import AbsenceDecided, AbsenceTooOld, CertificateLate
from services.reservations.model.absences import (
    Absence,
    Certificate,
    MissedSession,
    absence_for,
    certificate_due,
    certificate_for,
    declarable,
    due_day,
    excused_days,
    excused_sessions,
    prompt_day,
    prompt_until,
)
from services.reservations.model.periods import Period
from tests.unit.reservations.builders import FAMILY

MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=n) for n in (0, 1, 3, 4)]  # the canteen's: no Wednesday
CHILD = UUID(int=5)

FIRST_DAY_BILLED = AbsenceRule(certificate_days=7, waiting_days=1)
TWO_WAITING_DAYS = AbsenceRule(certificate_days=3, waiting_days=2)
WITHIN_72_HOURS = AbsenceRule(certificate_days=3)
WITHIN_A_WEEK = AbsenceRule(certificate_days=7)
REFUSED_AFTER_TEN_DAYS = AbsenceRule(certificate_days=10, waiting_days=2)
PROMPT_OR_TWO_DAYS = AbsenceRule(certificate_days=10, waiting_days=2, prompt_days=3)


@pytest.mark.parametrize(
    ("rule", "handed_in_after", "excused"),
    [
        (FIRST_DAY_BILLED, 2, WEEK[1:]),
        (FIRST_DAY_BILLED, 7, WEEK[1:]),
        (FIRST_DAY_BILLED, 8, []),
        (TWO_WAITING_DAYS, 3, WEEK[2:]),
        (TWO_WAITING_DAYS, 4, []),
        (WITHIN_72_HOURS, 0, WEEK),
        (WITHIN_72_HOURS, 3, WEEK),
        (WITHIN_72_HOURS, 4, []),
        (WITHIN_A_WEEK, 7, WEEK),
        (WITHIN_A_WEEK, 8, []),
        (REFUSED_AFTER_TEN_DAYS, 4, WEEK[2:]),
        (REFUSED_AFTER_TEN_DAYS, 10, WEEK[2:]),
        (REFUSED_AFTER_TEN_DAYS, 11, []),
        # Saint-Exupéry: within 72 hours nothing is charged, then two days are, then all.
        (PROMPT_OR_TWO_DAYS, 0, WEEK),
        (PROMPT_OR_TWO_DAYS, 3, WEEK),
        (PROMPT_OR_TWO_DAYS, 4, WEEK[2:]),
        (PROMPT_OR_TWO_DAYS, 10, WEEK[2:]),
        (PROMPT_OR_TWO_DAYS, 11, []),
        (FIRST_DAY_BILLED, None, []),
    ],
)
def test_the_rules_of_towns(
    rule: AbsenceRule, handed_in_after: int | None, excused: list[date]
) -> None:
    handed_in = None if handed_in_after is None else MONDAY + timedelta(days=handed_in_after)
    assert excused_days(WEEK, rule, MONDAY, handed_in) == frozenset(excused)


def test_a_day_alone_is_charged_where_the_first_always_is() -> None:
    assert excused_days([MONDAY], FIRST_DAY_BILLED, MONDAY, MONDAY) == frozenset()


RULES = st.builds(
    AbsenceRule,
    certificate_days=st.integers(0, 30),
    waiting_days=st.integers(0, 5),
    prompt_days=st.none() | st.integers(0, 30),
)
DAYS = st.lists(st.integers(0, 20).map(lambda n: MONDAY + timedelta(days=n)), max_size=12)
HANDED_IN = st.none() | st.integers(-3, 40).map(lambda n: MONDAY + timedelta(days=n))


@given(days=DAYS, rule=RULES, handed_in=HANDED_IN, overridden=st.booleans())
def test_the_first_days_stay_charged_and_all_later_ones_are_excused_or_none(
    days: list[date], rule: AbsenceRule, handed_in: date | None, overridden: bool
) -> None:
    excused = excused_days(days, rule, MONDAY, handed_in, overridden=overridden)
    charged = set(days) - excused
    assert excused <= set(days)
    prompt = prompt_day(rule, MONDAY)
    if excused:
        spared = prompt is not None and handed_in is not None and handed_in <= prompt
        assert len(charged) == (0 if spared else rule.waiting_days)
        assert max(charged, default=date.min) < min(excused)
    else:
        late = handed_in is None or handed_in > due_day(rule, MONDAY)
        assert (late and not overridden) or handed_in is None or len(charged) <= rule.waiting_days


@given(days=DAYS, rule=RULES, handed_in=st.integers(-3, 40))
def test_a_certificate_handed_in_sooner_never_excuses_less(
    days: list[date], rule: AbsenceRule, handed_in: int
) -> None:
    later = excused_days(days, rule, MONDAY, MONDAY + timedelta(days=handed_in))
    sooner = excused_days(days, rule, MONDAY, MONDAY + timedelta(days=handed_in - 1))
    assert later <= sooner


def test_who_is_charged_nothing_at_the_latest_is_told_the_first_of_the_days() -> None:
    canteen, care, club = uuid4(), uuid4(), uuid4()
    missed = [MissedSession(uuid4(), activity, MONDAY) for activity in (canteen, care, club)]
    hurried = AbsenceRule(certificate_days=10, waiting_days=1, prompt_days=2)
    rules = {canteen: PROMPT_OR_TWO_DAYS, care: hurried, club: FIRST_DAY_BILLED}
    assert prompt_until(MONDAY, missed, rules) == MONDAY + timedelta(days=2)
    assert prompt_until(MONDAY, missed[2:], rules) is None
    # Without waiting days there is nothing to spare.
    assert prompt_day(AbsenceRule(prompt_days=2), MONDAY) is None


def absence(**changes: Any) -> Absence:
    known = Absence(uuid4(), FAMILY, CHILD, Period(MONDAY, WEEK[-1]), "illness")
    return replace(known, **changes)


def deposited(days_after: int, state: str = "accepted") -> Certificate:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC) + timedelta(days=days_after)
    return Certificate(uuid4(), 1, FAMILY, CHILD, state, noon)


def test_each_activity_counts_by_its_own_rule() -> None:
    canteen, care = uuid4(), uuid4()
    missed = [MissedSession(uuid4(), activity, day) for activity in (canteen, care) for day in WEEK]
    rules = {canteen: FIRST_DAY_BILLED, care: WITHIN_72_HOURS}
    proved = absence(state="excused", certificate_on=MONDAY + timedelta(days=5))
    found = excused_sessions(proved, missed, rules)
    days = sorted(s.day for s in missed if s.session_id in found)
    assert days == WEEK[1:]  # of the canteen: for the care it came too late
    assert certificate_due(MONDAY, missed, rules) == MONDAY + timedelta(days=7)
    assert excused_sessions(absence(), missed, rules) == frozenset()


def test_a_late_certificate_is_refused_with_the_two_dates() -> None:
    refused = absence().proved(date(2026, 12, 5), date(2026, 11, 30))
    assert refused.state == "refused"
    assert "05/12/2026" in refused.refusal
    assert "30/11/2026" in refused.refusal


def test_the_staff_may_override_lateness_and_it_is_noted() -> None:
    late, due = date(2026, 12, 5), date(2026, 11, 30)
    with pytest.raises(CertificateLate):
        absence().confirmed(late, due, override=False)
    refused = absence().proved(late, due)
    confirmed = refused.confirmed(late, due, override=True)
    assert (confirmed.state, confirmed.overridden, confirmed.refusal) == ("excused", True, "")
    assert not absence().confirmed(due, due, override=True).overridden


def test_what_is_decided_is_not_withdrawn() -> None:
    assert absence().withdrawn().withdrawn().state == "withdrawn"
    with pytest.raises(AbsenceDecided):
        absence(state="excused").withdrawn()
    with pytest.raises(AbsenceDecided):
        absence(state="withdrawn").refused("non")
    with pytest.raises(AbsenceDecided):
        absence(state="excused").confirmed(MONDAY, MONDAY, override=False)


def test_a_family_cannot_declare_what_lies_far_back_and_the_office_can() -> None:
    old = Period(MONDAY - timedelta(days=40), MONDAY)
    with pytest.raises(AbsenceTooOld) as refused:
        declarable(old, MONDAY, by_staff=False)
    assert [e.field for e in refused.value.errors] == ["from"]
    assert declarable(old, MONDAY, by_staff=True) == old


def test_only_an_accepted_certificate_of_these_weeks_proves() -> None:
    first = deposited(1)
    others = [deposited(0, "submitted"), deposited(3), deposited(-9), deposited(90)]
    assert certificate_for(absence(), [*others, first]) == first
    assert certificate_for(absence(), [deposited(2, "rejected")]) is None


def test_a_certificate_is_about_the_last_absence_that_had_begun() -> None:
    earlier = absence(period=Period(MONDAY - timedelta(days=20), MONDAY - timedelta(days=19)))
    now = absence()
    coming = absence(period=Period(MONDAY + timedelta(days=5), MONDAY + timedelta(days=6)))
    assert absence_for(deposited(1), [earlier, now, coming]) == now
    assert absence_for(deposited(1), [coming]) == coming
    assert absence_for(deposited(1), [replace(now, state="excused")]) is None


def test_a_certificate_proves_the_absence_that_it_names_and_no_other() -> None:
    first, second = (
        Absence(uuid4(), FAMILY, CHILD, Period(day, day), "illness") for day in WEEK[:2]
    )
    named = Certificate(
        uuid4(),
        1,
        FAMILY,
        CHILD,
        "accepted",
        datetime(2026, 11, 24, 12, tzinfo=UTC),
        absence_id=first.absence_id,
    )
    assert absence_for(named, [first, second]) == first
    assert absence_for(named, [second]) is None
    assert absence_for(replace(named, absence_id=None), [first, second]) == second
