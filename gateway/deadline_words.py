"""Deadline rules as parents read them, without their day: the calendar shows the exact date."""

from collections.abc import Sequence

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
from contracts.events.enrolment import AfterDeadline
from services.chassis.clock import PARIS
from services.chassis.french import WEEKDAYS, day_number

USUAL = WorkingDaysBefore(days=0, at="00:00").not_counted
DAYS_LEFT_OUT: dict[NotCounted, str] = {
    "monday": "les lundis",
    "tuesday": "les mardis",
    "wednesday": "les mercredis",
    "thursday": "les jeudis",
    "friday": "les vendredis",
    "saturday": "les samedis",
    "sunday": "les dimanches",
    "public_holiday": "les jours fériés",
    "school_holiday": "les vacances scolaires",
    "closure": "les jours de fermeture",
}
LAST_OF_MONTH = 31


def rule_label(rule: Deadline | None) -> str:
    """Until when, in words: jusqu’au jeudi 12:00 de la semaine précédente"""
    match rule:
        case None | NoDeadline():
            return "sans date limite"
        case WorkingDaysBefore():
            return _working_days(rule)
        case CalendarDaysBefore():
            days = {0: "le jour même", 1: "la veille"}.get(rule.days, f"{rule.days} jours avant")
            return f"{days}, à {rule.at}"
        case HoursBefore():
            return f"{rule.hours} heure{'s' if rule.hours > 1 else ''} avant le début"
        case WeekdayBefore():
            return f"jusqu’au {_weekday(rule.weekday, rule.at, rule.weeks)}"
        case ByWeekday():
            return " ; ".join(
                f"pour le {WEEKDAYS[limit.session_weekday - 1]}, jusqu’au "
                f"{_weekday(limit.weekday, limit.at, limit.weeks)}"
                for limit in rule.limits
            )
        case MonthDay():
            return _month_day(rule)
        case Windows():
            return " ; ".join(map(_window, rule.windows))


def rule_in_short(rule: Deadline | None) -> str:
    """The same for a table's cell: 5 périodes d’ouverture"""
    match rule:
        case Windows():
            several = "s" if len(rule.windows) > 1 else ""
            return f"{len(rule.windows)} période{several} d’ouverture"
        case ByWeekday():
            return "un délai par jour de la semaine"
        case _:
            return rule_label(rule)


def after_label(after: AfterDeadline) -> str:
    """What becomes of a wish after the limit."""
    until = "" if after.until is None else f", {rule_label(after.until)}"
    match after.policy:
        case "late":
            return f"réservation possible avec une majoration{until}"
        case "ask":
            return f"sur demande, le service vous répond{until}"
        case "refuse":
            return "plus de réservation"


def _working_days(rule: WorkingDaysBefore) -> str:
    if rule.days == 0:
        return f"le jour même, à {rule.at}"
    several = "s" if rule.days > 1 else ""
    if set(rule.not_counted) == set(USUAL):
        return f"{rule.days} jour{several} ouvré{several} avant, à {rule.at}"
    left_out = _listed([DAYS_LEFT_OUT[kind] for kind in DAYS_LEFT_OUT if kind in rule.not_counted])
    without = f" (sans compter {left_out})" if left_out else ""
    return f"{rule.days} jour{several} avant{without}, à {rule.at}"


def _weekday(weekday: int, at: str, weeks: int) -> str:
    week = {0: "de la même semaine", 1: "de la semaine précédente"}
    which = week.get(weeks, f"{weeks} semaines avant")
    return f"{WEEKDAYS[weekday - 1]} {at} {which}"


def _month_day(rule: MonthDay) -> str:
    month = {0: "du même mois", 1: "du mois précédent"}
    which = month.get(rule.months, f"du mois, {rule.months} mois avant")
    day = "dernier jour" if rule.day == LAST_OF_MONTH else day_number(rule.day)
    return f"jusqu’au {day} {which}, à {rule.at}"


def _window(window: Window) -> str:
    closes = f"{window.closes.astimezone(PARIS):%d/%m/%Y à %H:%M}"
    opens = f"du {window.opens.astimezone(PARIS):%d/%m/%Y à %H:%M} " if window.opens else ""
    period = f"du {window.first:%d/%m} au {window.last:%d/%m/%Y}"
    return f"séances {period} : {opens}{'au' if opens else 'jusqu’au'} {closes}"


def _listed(words: Sequence[str]) -> str:
    return " et ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
