"""What makes no sense in a deadline rule, told beside its field."""

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise

from contracts.events.deadlines import (
    ByWeekday,
    CalendarDaysBefore,
    Deadline,
    HoursBefore,
    MonthDay,
    WeekdayBefore,
    WeekdayLimit,
    Window,
    Windows,
    WorkingDaysBefore,
)
from services.chassis.clock import paris_date
from services.chassis.errors import FieldError

EVERY_WEEKDAY = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
MOST_DAYS, MOST_HOURS, MOST_WEEKS, MOST_MONTHS = 365, 720, 12, 12
AFTER_THE_SESSION = "Cette limite tombe après la séance."


def rule_faults(rule: Deadline, field: str, weekdays: Collection[int]) -> Iterator[FieldError]:
    """Each fault of the rule of an activity that takes place on these weekdays."""
    for name, message in _faults(rule, weekdays):
        yield FieldError(f"{field}.{name}", message)


def _faults(rule: Deadline, weekdays: Collection[int]) -> Iterator[tuple[str, str]]:
    match rule:
        case WorkingDaysBefore():
            yield from _number("days", rule.days, 0, MOST_DAYS)
            if set(rule.not_counted) >= EVERY_WEEKDAY:
                yield "not_counted", "Au moins un jour de la semaine doit compter."
        case CalendarDaysBefore():
            yield from _number("days", rule.days, 0, MOST_DAYS)
        case HoursBefore():
            yield from _number("hours", rule.hours, 1, MOST_HOURS)
        case WeekdayBefore():
            yield from _number("weekday", rule.weekday, 1, 7)
            yield from _number("weeks", rule.weeks, 0, MOST_WEEKS)
            if rule.weeks == 0 and weekdays and rule.weekday > max(weekdays):
                yield "weekday", AFTER_THE_SESSION
        case ByWeekday():
            yield from _table_faults(rule.limits, weekdays)
        case MonthDay():
            yield from _number("day", rule.day, 1, 31)
            yield from _number("months", rule.months, 0, MOST_MONTHS)
        case Windows():
            yield from _window_faults(rule.windows)


def _number(name: str, value: int, least: int, most: int) -> Iterator[tuple[str, str]]:
    if not least <= value <= most:
        yield name, f"Donnez un nombre de {least} à {most}."


def _table_faults(
    limits: tuple[WeekdayLimit, ...], weekdays: Collection[int]
) -> Iterator[tuple[str, str]]:
    if not limits:
        yield "limits", "Donnez la limite d’au moins un jour."
    times = Counter(limit.session_weekday for limit in limits)
    for position, limit in enumerate(limits):
        at = f"limits.{position}"
        if times[limit.session_weekday] > 1:
            yield f"{at}.session_weekday", "Ce jour a déjà une limite."
        if limit.session_weekday not in weekdays:
            yield f"{at}.session_weekday", "L’activité n’a pas lieu ce jour-là."
        yield from _number(f"{at}.weekday", limit.weekday, 1, 7)
        yield from _number(f"{at}.weeks", limit.weeks, 0, MOST_WEEKS)
        if limit.weeks == 0 and limit.weekday > limit.session_weekday:
            yield f"{at}.weekday", AFTER_THE_SESSION


def _window_faults(windows: tuple[Window, ...]) -> Iterator[tuple[str, str]]:
    if not windows:
        yield "windows", "Donnez au moins une période."
    for position, window in enumerate(windows):
        at = f"windows.{position}"
        if window.last < window.first:
            yield f"{at}.last", "La fin de la période précède son début."
        if window.opens and window.closes <= window.opens:
            yield f"{at}.closes", "La clôture précède l’ouverture."
        if paris_date(window.closes) > window.last:
            yield f"{at}.closes", "La clôture vient après la période."
    in_order = sorted(range(len(windows)), key=lambda i: windows[i].first)
    for earlier, later in pairwise(in_order):
        if windows[later].first <= windows[earlier].last:
            yield f"windows.{later}.first", "Deux périodes se recouvrent."
