"""Deadlines: clock changes, and what holds for every rule and day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.deadlines import (
    ByWeekday,
    CalendarDaysBefore,
    Deadline,
    HoursBefore,
    MonthDay,
    NoDeadline,
    NotCounted,
    WeekdayBefore,
    WeekdayLimit,
    Window,
    Windows,
    WorkingDaysBefore,
)
from services.chassis.clock import PARIS
from services.reservations.model.deadlines import (
    at_paris,
    counted_days_before,
    deadline,
    in_words,
    month_day_before,
    opening,
    wall_time,
    weekday_before,
)
from services.reservations.model.town_calendar import WEEKDAY_NAMES
from tests.unit.reservations.builders import NO_DEADLINE, TOWN, TWO_DAYS_NOON

LUNCH = time(11, 45)
USUAL = TWO_DAYS_NOON.not_counted


def limit(rule: Deadline, day: date, starts: time = LUNCH) -> datetime:
    return deadline(rule, day, at_paris(day, starts), TOWN)


def days_before(days: int, at: str = "23:59") -> WorkingDaysBefore:
    return WorkingDaysBefore(days=days, at=at)


def test_fifteen_working_days_is_three_weeks_without_public_holidays() -> None:
    assert counted_days_before(date(2026, 12, 18), 15, USUAL, TOWN) == date(2026, 11, 27)
    # Armistice lies in between.
    assert counted_days_before(date(2026, 11, 27), 15, USUAL, TOWN) == date(2026, 11, 5)


def test_school_holidays_can_be_left_out_of_the_count() -> None:
    not_counted = (*USUAL, "school_holiday")
    back_from_autumn = date(2026, 11, 3)
    # Monday 2 November counts, the holidays from 18 October do not, Friday 16 does.
    assert counted_days_before(back_from_autumn, 2, not_counted, TOWN) == date(2026, 10, 16)


def test_without_a_rule_until_the_session_starts() -> None:
    day = date(2026, 11, 27)
    assert limit(NO_DEADLINE, day) == at_paris(day, LUNCH)


def test_the_same_day_at_an_hour_after_the_start_means_the_start() -> None:
    day = date(2026, 11, 27)
    assert limit(days_before(0), day) == at_paris(day, LUNCH)
    assert limit(days_before(0, "08:00"), day) == at_paris(day, time(8))


def test_a_month_too_short_for_the_day_means_its_last() -> None:
    assert month_day_before(date(2027, 3, 15), 31, 1) == date(2027, 2, 28)
    assert month_day_before(date(2028, 3, 15), 31, 1) == date(2028, 2, 29)
    assert month_day_before(date(2027, 1, 15), 20, 1) == date(2026, 12, 20)


def test_a_weekday_of_the_week_before_is_of_the_week_that_began_on_monday() -> None:
    sunday, monday = date(2026, 11, 29), date(2026, 11, 30)
    assert weekday_before(sunday, 4, 1) == date(2026, 11, 19)
    assert weekday_before(monday, 4, 1) == date(2026, 11, 26)
    assert weekday_before(monday, 1, 0) == monday


SUMMER = Windows(
    windows=(
        Window(
            first=date(2027, 7, 5),
            last=date(2027, 7, 30),
            opens=at_paris(date(2027, 5, 31), time(8, 30)),
            closes=at_paris(date(2027, 6, 20), time(23, 59)),
        ),
    )
)


def test_a_window_opens_and_closes_for_all_days_of_its_period() -> None:
    for day in (date(2027, 7, 5), date(2027, 7, 30)):
        starts_at = at_paris(day, time(8))
        assert opening(SUMMER, day, starts_at) == at_paris(date(2027, 5, 31), time(8, 30))
        assert limit(SUMMER, day) == at_paris(date(2027, 6, 20), time(23, 59))


def test_a_day_that_no_window_holds_never_opens() -> None:
    day = date(2027, 8, 2)
    starts_at = at_paris(day, LUNCH)
    assert opening(SUMMER, day, starts_at) == starts_at == limit(SUMMER, day)


def test_every_other_rule_is_open_at_once() -> None:
    day = date(2026, 11, 27)
    assert opening(TWO_DAYS_NOON, day, at_paris(day, LUNCH)) is None


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


@pytest.mark.parametrize(
    ("session", "words"),
    [
        # 72 elapsed hours: the wall clock differs by one hour over a change of the clocks.
        (date(2026, 10, 26), "vendredi 23 octobre à 12:45"),
        (date(2027, 3, 29), "vendredi 26 mars à 10:45"),
        (date(2026, 11, 27), "mardi 24 novembre à 11:45"),
    ],
)
def test_hours_are_elapsed_hours_across_both_clock_changes(session: date, words: str) -> None:
    assert in_words(limit(HoursBefore(hours=72), session)) == words


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
        wall_time(at)


@pytest.mark.parametrize(
    "rule",
    [days_before(-1), days_before(401), CalendarDaysBefore(days=401, at="12:00")],
)
def test_a_count_of_days_that_no_town_uses_is_refused(rule: Deadline) -> None:
    with pytest.raises(ValueError, match="no rule of a town"):
        limit(rule, date(2026, 11, 27))


def test_a_rule_that_counts_no_day_is_refused_and_not_walked_for_ever() -> None:
    rule = WorkingDaysBefore(days=1, at="12:00", not_counted=WEEKDAY_NAMES)
    with pytest.raises(ValueError, match="no 1 days count"):
        limit(rule, date(2026, 11, 27))


session_days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
minutes = st.times().map(lambda t: f"{t:%H:%M}")
starts = st.times().map(lambda t: t.replace(second=0, microsecond=0))
counts = st.integers(0, 30)
# Never all weekdays: Tuesdays always count.
exclusions = st.lists(
    st.sampled_from([kind for kind in get_args(NotCounted) if kind != "tuesday"]), unique=True
).map(tuple)
weekdays = st.integers(1, 7)
working_days = st.builds(WorkingDaysBefore, days=counts, at=minutes, not_counted=exclusions)
# Rules by which a later session never has an earlier limit.
steady_rules = st.one_of(
    st.just(NoDeadline()),
    working_days,
    st.builds(CalendarDaysBefore, days=counts, at=minutes),
    st.builds(HoursBefore, hours=st.integers(1, 720)),
    st.builds(WeekdayBefore, weekday=weekdays, weeks=st.integers(0, 4), at=minutes),
    st.builds(MonthDay, day=st.integers(1, 31), months=st.integers(0, 3), at=minutes),
)
tables = st.builds(
    ByWeekday,
    limits=st.lists(
        st.builds(
            WeekdayLimit,
            session_weekday=weekdays,
            weekday=weekdays,
            weeks=st.integers(0, 3),
            at=minutes,
        ),
        unique_by=lambda found: found.session_weekday,
    ).map(tuple),
)
rules = st.one_of(steady_rules, tables, st.just(SUMMER))


@given(rule=rules, day=session_days, starts=starts)
def test_no_limit_lies_after_the_start(rule: Deadline, day: date, starts: time) -> None:
    assert limit(rule, day, starts) <= at_paris(day, starts)


@given(rule=steady_rules, day=session_days, later=st.integers(1, 40), starts=starts)
def test_a_later_session_never_has_an_earlier_limit(
    rule: Deadline, day: date, later: int, starts: time
) -> None:
    assert limit(rule, day, starts) <= limit(rule, day + timedelta(days=later), starts)


@given(day=session_days, count=counts, not_counted=exclusions)
def test_exactly_that_many_counted_days_lie_between(
    day: date, count: int, not_counted: tuple[NotCounted, ...]
) -> None:
    reached = counted_days_before(day, count, not_counted, TOWN)
    between = [reached + timedelta(days=n) for n in range((day - reached).days)]
    assert sum(TOWN.counts(d, not_counted) for d in between) == count
    assert not count or TOWN.counts(reached, not_counted)


@given(day=session_days, count=st.integers(1, 30), at=minutes)
def test_the_limit_is_at_that_hour_on_a_clock_in_paris(day: date, count: int, at: str) -> None:
    local = limit(days_before(count, at), day).astimezone(PARIS)
    # Clocks change on Sundays, and a working day is none.
    assert f"{local:%H:%M}" == at
    assert local.weekday() < 5


@given(day=session_days, count=counts, at=minutes)
def test_one_day_more_is_an_earlier_limit(day: date, count: int, at: str) -> None:
    assert limit(days_before(count + 1, at), day) < limit(days_before(count, at), day) or (
        count == 0 and wall_time(at) >= LUNCH
    )


@given(day=session_days, weekday=weekdays, weeks=st.integers(0, 6))
def test_the_week_before_is_the_same_for_all_days_of_a_week(
    day: date, weekday: int, weeks: int
) -> None:
    reached = weekday_before(day, weekday, weeks)
    assert reached.isoweekday() == weekday
    monday = day - timedelta(days=day.weekday())
    assert reached == weekday_before(monday, weekday, weeks)
    assert monday - timedelta(weeks=weeks) <= reached < monday - timedelta(weeks=weeks - 1)
