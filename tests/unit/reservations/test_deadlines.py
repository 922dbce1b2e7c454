"""Deadlines: real towns' cases, clock changes, and what holds for every rule and day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.clock import PARIS
from services.reservations.model.deadlines import (
    DeadlineRule,
    at_paris,
    deadline,
    in_words,
    working_days_before,
)
from tests.unit.reservations.builders import NO_DEADLINE, TWO_DAYS_NOON, ZONE_B

LUNCH = time(11, 45)


def limit(rule: DeadlineRule, day: date, starts: time = LUNCH) -> datetime:
    return deadline(rule, day, at_paris(day, starts), ZONE_B)


def days_before(days: int, at: time = time(23, 59)) -> DeadlineRule:
    return DeadlineRule("working_days_before", days, at)


@pytest.mark.parametrize(
    ("session", "last_day"),
    [
        ("2026-11-30", "2026-11-26"),  # Monday: Thursday before, the weekend is not counted
        ("2026-12-01", "2026-11-27"),  # Tuesday: Friday before
        ("2026-11-26", "2026-11-24"),  # Thursday: Tuesday, for Wednesday counts
        ("2026-11-27", "2026-11-25"),  # Friday: Wednesday
        ("2026-11-12", "2026-11-09"),  # Thursday after Armistice, a Wednesday
        ("2026-11-13", "2026-11-10"),  # Friday after it
        ("2027-03-30", "2027-03-25"),  # Tuesday after Easter Monday: Thursday
        ("2027-05-10", "2027-05-05"),  # Monday after the bridge: Friday 7 counts, Ascension not
        ("2027-01-04", "2026-12-30"),  # back from Christmas: New Year's Day and weekend skipped
    ],
)
def test_two_working_days_before_noon(session: str, last_day: str) -> None:
    until = limit(TWO_DAYS_NOON, date.fromisoformat(session)).astimezone(PARIS)
    assert f"{until:%Y-%m-%d %H:%M}" == f"{last_day} 12:00"


def test_the_eve_at_six_in_the_evening() -> None:
    until = limit(days_before(1, time(18)), date(2026, 11, 27)).astimezone(PARIS)
    assert f"{until:%A %H:%M}" == "Thursday 18:00"


def test_fifteen_working_days_is_three_weeks_without_public_holidays() -> None:
    assert working_days_before(date(2026, 12, 18), 15, ZONE_B) == date(2026, 11, 27)
    # Armistice lies in between.
    assert working_days_before(date(2026, 11, 27), 15, ZONE_B) == date(2026, 11, 5)


def test_without_a_rule_until_the_session_starts() -> None:
    day = date(2026, 11, 27)
    assert limit(NO_DEADLINE, day) == at_paris(day, LUNCH)


def test_the_same_day_at_an_hour_after_the_start_means_the_start() -> None:
    day = date(2026, 11, 27)
    assert limit(days_before(0), day) == at_paris(day, LUNCH)
    assert limit(days_before(0, time(8)), day) == at_paris(day, time(8))


@pytest.mark.parametrize(
    ("session", "instant"),
    [
        # The clocks went back on Sunday 25 October: noon of Thursday 22 is still summer time.
        (date(2026, 10, 26), datetime(2026, 10, 22, 10, 0, tzinfo=UTC)),
        (date(2026, 10, 28), datetime(2026, 10, 26, 11, 0, tzinfo=UTC)),
        # They go forward on Sunday 28 March, Easter; the Monday is a public holiday.
        (date(2027, 3, 30), datetime(2027, 3, 25, 11, 0, tzinfo=UTC)),
        (date(2027, 4, 1), datetime(2027, 3, 30, 10, 0, tzinfo=UTC)),
    ],
)
def test_noon_is_noon_in_paris_across_both_clock_changes(session: date, instant: datetime) -> None:
    assert limit(TWO_DAYS_NOON, session) == instant


def test_an_hour_that_the_clock_change_skips_or_repeats_is_one_instant() -> None:
    skipped = at_paris(date(2027, 3, 28), time(2, 30))
    assert skipped == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert skipped.astimezone(PARIS).time() == time(3, 30)
    repeated = at_paris(date(2026, 10, 25), time(2, 30))
    assert repeated == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_parent_reads_day_and_hour() -> None:
    assert in_words(limit(TWO_DAYS_NOON, date(2026, 11, 27))) == "mercredi 25 novembre à 12:00"
    assert in_words(limit(days_before(1), date(2026, 12, 2))) == "mardi 1er décembre à 23:59"


@pytest.mark.parametrize("at", ["", "24:00", "12h", "noon", "12:60"])
def test_an_hour_that_is_none_is_refused(at: str) -> None:
    with pytest.raises(ValueError, match=r"format|remains|match"):
        DeadlineRule.told("working_days_before", 2, at)


@pytest.mark.parametrize("days", [-1, 401])
def test_a_count_of_days_that_no_town_uses_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="no rule of a town"):
        DeadlineRule.told("working_days_before", days, "12:00")


session_days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
wall_times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
counts = st.integers(0, 30)


@given(day=session_days, count=counts)
def test_exactly_that_many_working_days_lie_between(day: date, count: int) -> None:
    reached = working_days_before(day, count, ZONE_B)
    between = [reached + timedelta(days=n) for n in range((day - reached).days)]
    assert sum(ZONE_B.is_working_day(d) for d in between) == count
    if count:
        assert ZONE_B.is_working_day(reached)


@given(day=session_days, count=counts, at=wall_times, starts=wall_times)
def test_no_limit_lies_after_the_start(day: date, count: int, at: time, starts: time) -> None:
    assert limit(days_before(count, at), day, starts) <= at_paris(day, starts)


@given(day=session_days, count=st.integers(1, 30), at=wall_times)
def test_the_limit_is_at_that_hour_on_a_clock_in_paris(day: date, count: int, at: time) -> None:
    local = limit(days_before(count, at), day).astimezone(PARIS)
    # Clocks change on Sundays, and a working day is none.
    assert local.time() == at
    assert local.weekday() < 5


@given(day=session_days, later=st.integers(1, 20), count=counts, at=wall_times)
def test_a_later_session_never_has_an_earlier_limit(
    day: date, later: int, count: int, at: time
) -> None:
    rule = days_before(count, at)
    assert limit(rule, day) <= limit(rule, day + timedelta(days=later))


@given(day=session_days, count=counts, at=wall_times)
def test_one_day_more_is_an_earlier_limit(day: date, count: int, at: time) -> None:
    assert limit(days_before(count + 1, at), day) < limit(days_before(count, at), day) or (
        count == 0 and at >= LUNCH
    )
