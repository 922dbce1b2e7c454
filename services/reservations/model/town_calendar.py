"""The days as one activity counts them: the official calendar, and what the town closes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Self
from uuid import UUID

from contracts.events.deadlines import NotCounted
from services.reservations.model.periods import Period
from services.reservations.model.school_calendar import SchoolCalendar

WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the town closes some of its activities, or (with None) all; why, in public."""

    closure_id: UUID
    period: Period
    activities: frozenset[UUID] | None
    reason: str

    def concerns(self, activity_id: UUID, last_day: date) -> bool:
        """Whether it closes this activity before it ends; past ones count for deadlines."""
        ours = self.activities is None or activity_id in self.activities
        return ours and self.period.first <= last_day


@dataclass(frozen=True, slots=True)
class TownCalendar:
    """The official school calendar, and those closures that concern whoever asks."""

    official: SchoolCalendar
    closures: tuple[Closure, ...] = ()

    @classmethod
    def of_activity(
        cls,
        activity_id: UUID,
        last_day: date,
        official: SchoolCalendar,
        closures: Sequence[Closure],
    ) -> Self:
        """The calendar of one activity until its last day."""
        return cls(official, tuple(c for c in closures if c.concerns(activity_id, last_day)))

    def closure_on(self, day: date) -> Closure | None:
        """The closure that this day is part of."""
        return next((c for c in self.closures if c.period.first <= day <= c.period.last), None)

    def counts(self, day: date, not_counted: Collection[NotCounted]) -> bool:
        """Whether a deadline that leaves these kinds of days out counts this one."""
        return not (
            WEEKDAY_NAMES[day.weekday()] in not_counted
            or ("public_holiday" in not_counted and self.official.holiday(day) is not None)
            or ("school_holiday" in not_counted and self.official.break_on(day) is not None)
            or ("closure" in not_counted and self.closure_on(day) is not None)
        )

    @property
    def fingerprint(self) -> str:
        """The same text as long as nothing changed that sessions are made from."""
        closures = sorted((c.period.first, c.period.last, c.reason) for c in self.closures)
        return sha256(repr((self.official, closures)).encode()).hexdigest()
