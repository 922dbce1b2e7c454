"""Until when a family may reserve or cancel: a town's rules as data, limits as instants."""

from calendar import monthrange
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, assert_never

from contracts.events.deadlines import (
    ByWeekday,
    CalendarDaysBefore,
    Deadline,
    HoursBefore,
    MonthDay,
    NoDeadline,
    NotCounted,
    WeekdayBefore,
    Window,
    Windows,
    WorkingDaysBefore,
)
from services.chassis.clock import PARIS
from services.chassis.french import weekday_date

# A year and more of days that count lies within it: a rule that walks further is a slip.
MAX_DAYS = 400
MAX_STEPS = 1500


class CountedDays(Protocol):
    """What deadlines need to know of the calendar."""

    def counts(self, day: date, not_counted: Collection[NotCounted]) -> bool:
        """Whether a rule that leaves these kinds of days out counts this one."""


def wall_time(text: str) -> time:
    """HH:MM as a time of day. Raises ValueError."""
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - wall time has no zone yet


def at_paris(day: date, wall: time) -> datetime:
    """The instant of a wall time in Europe/Paris, in UTC.

    An hour that a clock change repeats means its first time; one that it skips, the hour after.
    """
    return datetime.combine(day, wall, tzinfo=PARIS).astimezone(UTC)


def deadline(rule: Deadline, day: date, starts_at: datetime, calendar: CountedDays) -> datetime:
    """The last instant at which the rule lets a family act on a session of this day.

    Never after the session's start, whatever the rule says. Raises ValueError when the rule
    makes no sense.
    """
    return min(_limit(rule, day, starts_at, calendar), starts_at)


def opening(rule: Deadline, day: date, starts_at: datetime) -> datetime | None:
    """The instant from which families may reserve a session of this day; None: at once.

    The start of a session that no window holds: it never opens to families.
    """
    if not isinstance(rule, Windows):
        return None
    window = _window(rule, day)
    return window.opens if window else starts_at


def _limit(rule: Deadline, day: date, starts_at: datetime, calendar: CountedDays) -> datetime:
    match rule:
        case NoDeadline():
            return starts_at
        case WorkingDaysBefore():
            limit_day = counted_days_before(day, rule.days, rule.not_counted, calendar)
            return at_paris(limit_day, wall_time(rule.at))
        case CalendarDaysBefore():
            return at_paris(day - _days(rule.days), wall_time(rule.at))
        case HoursBefore():
            return starts_at - timedelta(hours=rule.hours)
        case WeekdayBefore():
            return at_paris(weekday_before(day, rule.weekday, rule.weeks), wall_time(rule.at))
        case ByWeekday():
            return _limit_by_weekday(rule, day, starts_at)
        case MonthDay():
            return at_paris(month_day_before(day, rule.day, rule.months), wall_time(rule.at))
        case Windows():
            window = _window(rule, day)
            return window.closes if window else starts_at
    assert_never(rule)


def _limit_by_weekday(rule: ByWeekday, day: date, starts_at: datetime) -> datetime:
    for limit in rule.limits:
        if limit.session_weekday == day.isoweekday():
            limit_day = weekday_before(day, limit.weekday, limit.weeks)
            return at_paris(limit_day, wall_time(limit.at))
    return starts_at


def _window(rule: Windows, day: date) -> Window | None:
    return next((w for w in rule.windows if w.first <= day <= w.last), None)


def counted_days_before(
    day: date, count: int, not_counted: Collection[NotCounted], calendar: CountedDays
) -> date:
    """The day reached by walking back over this many days that count; the day itself for none.

    Raises ValueError when that leads too far back to be meant.
    """
    left, reached = _days(count).days, day
    for _ in range(MAX_STEPS):
        if not left:
            return reached
        reached -= timedelta(days=1)
        left -= calendar.counts(reached, not_counted)
    raise ValueError(f"no {count} days count before {day}")


def weekday_before(day: date, weekday: int, weeks: int) -> date:
    """This weekday (Monday is 1) of the week so many weeks before the day's."""
    monday = day - timedelta(days=day.weekday())
    return monday + timedelta(days=weekday - 1) - timedelta(weeks=weeks)


def month_day_before(day: date, number: int, months: int) -> date:
    """The `number`th of the month so many months before the day's, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(number, monthrange(year, month + 1)[1]))


def _days(count: int) -> timedelta:
    if not 0 <= count <= MAX_DAYS:
        raise ValueError(f"a deadline {count} days before is no rule of a town")
    return timedelta(days=count)


def in_words(instant: datetime) -> str:
    """An instant as a parent reads it: « jeudi 26 novembre à 12:00 »."""
    local = instant.astimezone(PARIS)
    return f"{weekday_date(local.date())} à {local:%H:%M}"
