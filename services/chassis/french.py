"""How days are written in French: on pages, in mails, letters and papers.

The first of a month is « 1er », and no other day is an ordinal.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# As the CLDR shortens them: from four letters on, so that no two are alike.
SHORT_MONTHS: Final = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)


def day_number(number: int) -> str:
    """A day of a month by its number: 1er, 2, 31."""
    return "1er" if number == 1 else str(number)


def long_date(day: date) -> str:
    """1er novembre 2026"""
    return f"{day_number(day.day)} {MONTHS[day.month - 1]} {day.year}"


def weekday_date(day: date) -> str:
    """lundi 30 novembre, without the year"""
    return f"{WEEKDAYS[day.weekday()]} {day_number(day.day)} {MONTHS[day.month - 1]}"


def short_weekday_date(day: date) -> str:
    """lun. 30 nov."""
    weekday = WEEKDAYS[day.weekday()][:3]
    return f"{weekday}. {day_number(day.day)} {SHORT_MONTHS[day.month - 1]}"


def month_year(day: date) -> str:
    """novembre 2026"""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_numbers(numbers: Iterable[int]) -> str:
    """Days of one month: 1er, 3 et 5"""
    written = [day_number(number) for number in sorted(numbers)]
    return " et ".join(filter(None, (", ".join(written[:-1]), *written[-1:])))
