"""Garde alternée: in which of its two homes a child is on a day, as its file tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Stay:
    """Days, both ends included, that are one home's whatever the week."""

    family_id: UUID
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Custody:
    """Stays first; else the parity of the ISO week of the last change day.

    A day may be nobody's.
    """

    even_family_id: UUID | None = None
    odd_family_id: UUID | None = None
    change_weekday: int | None = None
    stays: tuple[Stay, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The calendar as it is kept: the JSON of the event that told it."""
        return cls(
            even_family_id=_id(data.get("even_family_id")),
            odd_family_id=_id(data.get("odd_family_id")),
            change_weekday=data.get("change_weekday"),
            stays=tuple(
                Stay(
                    UUID(stay["family_id"]),
                    date.fromisoformat(stay["first"]),
                    date.fromisoformat(stay["last"]),
                )
                for stay in data.get("stays", ())
            ),
        )

    def home_on(self, day: date) -> UUID | None:
        """The home the child is in on this day; None when the calendar does not say."""
        for stay in self.stays:
            if stay.first <= day <= stay.last:
                return stay.family_id
        if self.change_weekday is None:
            return None
        changed = day - timedelta(days=(day.isoweekday() - self.change_weekday) % 7)
        return self.odd_family_id if changed.isocalendar().week % 2 else self.even_family_id

    def is_elsewhere(self, family_id: UUID, day: date) -> bool:
        """Whether the day is the other home's."""
        return self.home_on(day) not in (None, family_id)


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
