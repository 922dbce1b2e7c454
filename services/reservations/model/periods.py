"""Spans of days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from services.chassis.errors import FieldError
from services.reservations.errors import BadPeriod


@dataclass(frozen=True, slots=True)
class Period:
    """Days from and to, both inclusive."""

    first: date
    last: date

    @classmethod
    def between(cls, first: date | None, last: date | None, *, longest: int) -> Self:
        """The period that someone asks for. Raises BadPeriod when it is none, or too long."""
        if first is None or last is None:
            field = "from" if first is None else "to"
            raise BadPeriod(errors=[FieldError(field, "Donnez les deux bornes de la période.")])
        if last < first:
            raise BadPeriod(errors=[FieldError("to", "La fin de la période précède son début.")])
        if last - first >= timedelta(days=longest):
            message = f"La période ne peut pas dépasser {longest} jours."
            raise BadPeriod(errors=[FieldError("to", message)])
        return cls(first, last)

    def days(self) -> Iterator[date]:
        """Each day, in order."""
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)
