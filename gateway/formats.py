"""How the portal writes amounts and dates in French, and the filters of its templates."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from gateway.deadline_words import after_label, rule_in_short, rule_label
from gateway.labels import (
    diet_label,
    kind_label,
    link_label,
    method_label,
    status_label,
    status_tone,
    vaccine_label,
)
from services.chassis import french
from services.chassis.clock import PARIS

MINUS = "\u2212"
NARROW_SPACE = "\u202f"
FIXED_SPACE = "\u00a0"


def percent(ten_thousandths: int) -> str:
    """3000 as « 30 % », 6667 as « 66,67 % »."""
    whole, rest = divmod(ten_thousandths, 100)
    return f"{whole}{f',{rest:02d}' if rest else ''}{FIXED_SPACE}%"


def euros(cents: int) -> str:
    """1234550 -> "12 345,50 €", -150 -> "−1,50 €", in whole cents throughout."""
    sign = MINUS if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", NARROW_SPACE)
    return f"{sign}{grouped},{part:02d}{FIXED_SPACE}€"


def long_date(day: date) -> str:
    """lundi 23 novembre 2026"""
    return f"{french.weekday_date(_day(day))} {_day(day).year}"


def short_date(day: date) -> str:
    """23/11/2026"""
    return f"{_day(day):%d/%m/%Y}"


def day_month(day: date) -> str:
    """lun. 23 nov."""
    return french.short_weekday_date(_day(day))


def weekday(day: date) -> str:
    """lundi"""
    return french.WEEKDAYS[_day(day).weekday()]


def number_in_month(day: date) -> str:
    """1er, 23"""
    return french.day_number(_day(day).day)


def month_year(day: date) -> str:
    """novembre 2026"""
    return french.month_year(_day(day))


def period(text: str) -> str:
    """ "2026-11" -> novembre 2026"""
    return month_year(date.fromisoformat(f"{text}-01"))


def moment(instant: datetime) -> str:
    """23/11/2026 à 14:05, as clocks in Paris show it."""
    return f"{instant.astimezone(PARIS):%d/%m/%Y à %H:%M}"


def time(instant: datetime) -> str:
    """14:05, as clocks in Paris show it."""
    return instant.astimezone(PARIS).strftime("%H:%M")


def local_day(instant: datetime) -> str:
    """2026-11-23, for a date field: the day that calendars in Paris show."""
    return _day(instant).isoformat()


def iso(when: date | datetime) -> str:
    """For the datetime attribute of <time>."""
    return when.isoformat()


def weekdays(numbers: Sequence[int]) -> str:
    """[1, 2] -> lundi, mardi"""
    return ", ".join(french.WEEKDAYS[number - 1] for number in numbers)


def file_size(size: int) -> str:
    """12345 -> 12 Ko"""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f}".replace(".", ",") + f"{FIXED_SPACE}Mo"
    return f"{max(1, round(size / 1000))}{FIXED_SPACE}Ko"


def duration(months: int) -> str:
    """120 -> 10 ans, 18 -> 18 mois"""
    if months % 12:
        return f"{months} mois"
    return "1 an" if months == 12 else f"{months // 12} ans"


def days_listed(days: Iterable[date]) -> str:
    """1er, 3 et 5 novembre 2026; each month by itself"""
    months: dict[date, list[date]] = {}
    for day in sorted(days):
        months.setdefault(day.replace(day=1), []).append(day)
    return " ; ".join(
        f"{french.day_numbers(day.day for day in of_one)} {month_year(first)}"
        for first, of_one in months.items()
    )


def of(text: str) -> str:
    """Élodie -> d’Élodie, octobre -> d’octobre, Yanis -> de Yanis"""
    start = unicodedata.normalize("NFD", text[:2].lower())
    is_vowel = start[:1] in {*"aeiouœæ"} or (start[:1] == "y" and start[1:2] not in {*"aeiou"})
    return f"d’{text}" if is_vowel else f"de {text}"


def sentence(text: str) -> str:
    """The text with a capital first letter, and all others as they are."""
    return text[:1].upper() + text[1:]


def _day(day: date) -> date:
    return day.astimezone(PARIS).date() if isinstance(day, datetime) else day


FILTERS = {
    f.__name__: f
    for f in (
        euros,
        percent,
        long_date,
        short_date,
        day_month,
        weekday,
        number_in_month,
        month_year,
        period,
        moment,
        time,
        local_day,
        iso,
        status_label,
        status_tone,
        diet_label,
        link_label,
        method_label,
        vaccine_label,
        kind_label,
        weekdays,
        file_size,
        duration,
        rule_label,
        rule_in_short,
        after_label,
        sentence,
        days_listed,
        of,
    )
}
