"""Which days the town's schools work, and what the other days are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal, Self

import holidays

SATURDAY = 6

BreakKind = Literal["holidays", "bridge"]
DayKind = Literal["class", "weekend", "holidays", "bridge", "public_holiday", "unknown"]


@lru_cache(maxsize=64)
def public_holidays(year: int, *, alsace_moselle: bool = False) -> Mapping[date, str]:
    """The public holidays of one year in France, by day."""
    # The subdivision 57 is the Moselle; the Bas-Rhin and the Haut-Rhin have the same two more.
    where = "57" if alsace_moselle else None
    found = holidays.country_holidays("FR", subdiv=where, years=year, language="fr")
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
    alsace_moselle: bool = False

    @classmethod
    def from_data(cls, data: Mapping[str, Any], *, alsace_moselle: bool = False) -> Self:
        """The calendar as the shipped file writes it."""
        years = tuple(school_year(year) for year in data["years"])
        return cls(data["zone"], years, alsace_moselle)

    def with_years(self, newer: Iterable[SchoolYear]) -> Self:
        """The calendar with these years, each in the place of the one of the same label."""
        years = {year.label: year for year in (*self.years, *newer)}
        return replace(self, years=tuple(years[label] for label in sorted(years)))

    def _years_of(self, day: date) -> list[SchoolYear]:
        return [year for year in self.years if year.starts_on <= day <= year.known_until]

    def holiday(self, day: date) -> str | None:
        """The public holiday that falls on this day."""
        return public_holidays(day.year, alsace_moselle=self.alsace_moselle).get(day)

    def break_on(self, day: date) -> Break | None:
        """The break that this day is part of."""
        return next((b for year in self._years_of(day) for b in year.breaks if day in b), None)

    def has_class(self, day: date) -> bool:
        """Whether pupils have class, as far as the official calendar says it."""
        within = any(day <= year.ends_on for year in self._years_of(day))
        return within and self.holiday(day) is None and self.break_on(day) is None

    def is_school_holiday(self, day: date) -> bool:
        """Whether a leisure centre for the holidays can open."""
        found = self.break_on(day)
        return found is not None and found.kind == "holidays" and self.holiday(day) is None

    def kind(self, day: date) -> DayKind:
        """What sort of day it is, the strongest reason for having no class first."""
        if self.holiday(day) is not None:
            return "public_holiday"
        if found := self.break_on(day):
            return found.kind
        if day.isoweekday() >= SATURDAY:
            return "weekend"
        return "class" if self.has_class(day) else "unknown"

    def label(self, day: date) -> str | None:
        """What a parent reads beside a day without class."""
        found = self.break_on(day)
        return self.holiday(day) or (found.name if found else None)


def school_year(data: Mapping[str, Any]) -> SchoolYear:
    """A school year as the shipped files write it, and as it is kept."""
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


def written(year: SchoolYear) -> dict[str, Any]:
    """A school year as `school_year` reads it."""
    return {
        "label": year.label,
        "starts_on": year.starts_on.isoformat(),
        "ends_on": year.ends_on.isoformat(),
        "known_until": year.known_until.isoformat(),
        "breaks": [
            {
                "name": found.name,
                "kind": found.kind,
                "leave_on": found.leave_on.isoformat(),
                "return_on": found.return_on.isoformat(),
            }
            for found in year.breaks
        ],
    }
