"""Which days the town's schools work, and what the other days are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal, Self

import holidays

SATURDAY = 6

BreakKind = Literal["holidays", "bridge"]


@lru_cache(maxsize=64)
def public_holidays(year: int) -> Mapping[date, str]:
    """The public holidays of one year in France, by day."""
    found = holidays.country_holidays("FR", years=year, language="fr")
    return {day: str(name).replace("'", "’") for day, name in found.items()}


@dataclass(frozen=True, slots=True)
class Break:
    """Days without class: leave after class on `leave_on`, come back in the morning of `return_on`.

    A bridge is no holiday for the leisure centres: they close with the schools.
    """

    name: str
    kind: BreakKind
    leave_on: date
    return_on: date

    def __contains__(self, day: date) -> bool:
        return self.leave_on < day < self.return_on


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """One official school year; nothing is known of the days after `known_until`."""

    label: str
    starts_on: date
    ends_on: date
    known_until: date
    breaks: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The official calendar of one zone, over the school years that are known."""

    zone: str
    years: tuple[SchoolYear, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The calendar as the shipped file writes it."""
        return cls(data["zone"], tuple(_year(year) for year in data["years"]))

    def holiday(self, day: date) -> str | None:
        """The public holiday that falls on this day."""
        return public_holidays(day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        """Neither a weekend nor a public holiday: a day that deadlines count."""
        return day.isoweekday() < SATURDAY and self.holiday(day) is None

    def break_on(self, day: date) -> Break | None:
        """The break that this day is part of."""
        return next((b for year in self.years for b in year.breaks if day in b), None)

    def has_class(self, day: date) -> bool:
        """Whether pupils have class, as far as the official calendar says it."""
        within = any(year.starts_on <= day <= year.ends_on for year in self.years)
        return within and self.holiday(day) is None and self.break_on(day) is None

    def is_school_holiday(self, day: date) -> bool:
        """Whether a leisure centre for the holidays can open."""
        found = self.break_on(day)
        return found is not None and found.kind == "holidays" and self.holiday(day) is None

    def label(self, day: date) -> str | None:
        """What a parent reads beside a day without class."""
        found = self.break_on(day)
        return self.holiday(day) or (found.name if found else None)


def _year(data: Mapping[str, Any]) -> SchoolYear:
    return SchoolYear(
        label=data["label"],
        starts_on=date.fromisoformat(data["starts_on"]),
        ends_on=date.fromisoformat(data["ends_on"]),
        known_until=date.fromisoformat(data["known_until"]),
        breaks=tuple(
            Break(
                name=found["name"],
                kind=found["kind"],
                leave_on=date.fromisoformat(found["leave_on"]),
                return_on=date.fromisoformat(found["return_on"]),
            )
            for found in data["breaks"]
        ),
    )
