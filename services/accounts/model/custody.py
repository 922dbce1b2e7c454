"""Garde alternée: in which of its two homes a child is on a day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Alternation:
    """One home in even weeks, the other in odd ones, from one change day to the next.

    Weeks are those of the calendar (ISO 8601), as rulings write "semaines paires": a week belongs
    to the home of the week in which its change day falls. After a week 53 comes a week 1, so the
    home of odd weeks then has two in a row; families settle such years by dates.
    """

    even_home: UUID
    odd_home: UUID
    change_weekday: int = 1

    def home_on(self, day: date) -> UUID:
        """The home whose turn it is."""
        changed = day - timedelta(days=(day.isoweekday() - self.change_weekday) % 7)
        return self.odd_home if changed.isocalendar().week % 2 else self.even_home


@dataclass(frozen=True, slots=True)
class Stay:
    """Days, first and last included, that are one home's whatever the week."""

    home: UUID
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Custody:
    """The custody calendar: stays by date first, else the weeks; a day may be nobody's."""

    alternation: Alternation | None = None
    stays: tuple[Stay, ...] = ()

    def home_on(self, day: date) -> UUID | None:
        """The home the child is in on this day; None when the calendar does not say."""
        for stay in self.stays:
            if stay.holds(day):
                return stay.home
        return self.alternation.home_on(day) if self.alternation else None

    def moved(self, gone: UUID, home: UUID) -> "Custody":
        """The calendar with one home in the place of another."""
        weeks = self.alternation
        return Custody(
            weeks
            and replace(
                weeks,
                even_home=home if weeks.even_home == gone else weeks.even_home,
                odd_home=home if weeks.odd_home == gone else weeks.odd_home,
            ),
            tuple(replace(s, home=home) if s.home == gone else s for s in self.stays),
        )

    def overlapping(self) -> tuple[Stay, Stay] | None:
        """Two stays that claim the same day, if any do."""
        ordered = sorted(self.stays, key=lambda stay: stay.first)
        pairs = pairwise(ordered)
        return next(((a, b) for a, b in pairs if b.first <= a.last), None)


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row that a child spends in one home, both ends included."""

    home: UUID
    first: date
    last: date


def spans(custody: Custody, first: date, last: date) -> list[Span]:
    """Where the child is over a period; days of which the calendar says nothing are in none."""
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    found = []
    for home, together in groupby(days, custody.home_on):
        in_a_row = list(together)
        if home is not None:
            found.append(Span(home, in_a_row[0], in_a_row[-1]))
    return found
