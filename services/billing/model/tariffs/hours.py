"""Prices by the time that a child spends: half-hours begun, or parts of the day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from services.billing.model.stays import DAY_MINUTES, Stay
from services.billing.model.tariffs.prices import Price
from services.chassis.errors import FieldError


@dataclass(frozen=True, slots=True)
class HalfHours:
    """The price is that of each half-hour begun."""

    kind: Literal["half_hours"] = "half_hours"


@dataclass(frozen=True, slots=True)
class TimeBand:
    """A part of the day, [from, to) in minutes, and what being there during it costs."""

    from_minute: int
    to_minute: int
    price: Price


@dataclass(frozen=True, slots=True)
class TimeBands:
    """The prices of the parts of the day that a child was there in are added up."""

    bands: tuple[TimeBand, ...]
    kind: Literal["time_bands"] = "time_bands"

    @property
    def lists(self) -> dict[str, Price]:
        """The lists of prices, by their names."""
        return {f"time_{number}": band.price for number, band in enumerate(self.bands, start=1)}

    def touched(self, stay: Stay | None) -> list[str]:
        """The names of the lists of this stay; of all where it is not known."""
        arrived, left = stay or (0, DAY_MINUTES)
        return [
            f"time_{number}"
            for number, band in enumerate(self.bands, start=1)
            if arrived < band.to_minute and left > band.from_minute
        ]

    def faults(self) -> Iterator[FieldError]:
        """What is wrong with the parts of the day, at its field."""
        yield from _band_faults(self.bands)


Hours: TypeAlias = HalfHours | TimeBands


def _band_faults(bands: Sequence[TimeBand]) -> Iterator[FieldError]:
    if not bands:
        yield FieldError("hours.bands", "Donnez au moins une plage horaire.")
    for index, band in enumerate(bands):
        if not 0 <= band.from_minute < band.to_minute <= DAY_MINUTES:
            message = "La fin d’une plage doit venir après son début."
            yield FieldError(f"hours.bands.{index}.ends_at", message)
    order = sorted(range(len(bands)), key=lambda i: bands[i].from_minute)
    for lower, upper in pairwise(order):
        if bands[upper].from_minute < bands[lower].to_minute:
            yield FieldError(
                f"hours.bands.{upper}.starts_at", "Deux plages horaires se recouvrent."
            )
