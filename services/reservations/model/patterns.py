"""Weekly patterns: some weekdays of some activities, for some children, over a period."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.reservations.model.periods import Period

Weeks = Literal["all", "even", "odd"]


@dataclass(frozen=True, slots=True)
class PatternLine:
    """One child on some weekdays (ISO numbers) of an activity, in one of its slots.

    Without a slot: each part of the day but for those within another one (the whole day).
    """

    child_id: UUID
    activity_id: UUID
    weekdays: frozenset[int]
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """The lines over a period, in all weeks or those of one parity (ISO), but for some days."""

    lines: tuple[PatternLine, ...]
    period: Period
    weeks: Weeks = "all"
    but_for: frozenset[date] = frozenset()

    @property
    def parity(self) -> int | None:
        """The remainder of the week's number by two; None for every week."""
        return {"all": None, "even": 0, "odd": 1}[self.weeks]

    def cells(self) -> Iterator[tuple[UUID, UUID, int, str | None]]:
        """Child, activity, weekday and slot, one after the other."""
        for line in self.lines:
            for weekday in sorted(line.weekdays):
                yield line.child_id, line.activity_id, weekday, line.slot
