"""Prices by quotient familial: half-open bands [from, to) that cover every quotient once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from uuid import UUID

from services.billing.errors import BadTariff
from services.chassis.errors import FieldError


@dataclass(frozen=True, slots=True)
class Band:
    """The price of quotients from `from_quotient` up to but not `to_quotient`; None: no limit."""

    from_quotient: int
    to_quotient: int | None
    price_cents: int

    def holds(self, quotient: int) -> bool:
        """Whether this band is the quotient's."""
        return self.from_quotient <= quotient and (
            self.to_quotient is None or quotient < self.to_quotient
        )


@dataclass(frozen=True, slots=True)
class Tariff:
    """What an activity costs from a day on.

    A reservation kept after the limit costs the late surcharge more: cents, or percent of the
    price.
    """

    activity_id: UUID
    valid_from: date
    bands: tuple[Band, ...]
    unreserved_surcharge_cents: int
    late_surcharge_cents: int = 0
    late_surcharge_percent: int = 0

    def check(self) -> None:
        """Raises BadTariff naming every fault of the bands."""
        faults = list(_faults(self.bands))
        if self.late_surcharge_cents and self.late_surcharge_percent:
            message = "Donnez la majoration en euros ou en pourcentage, pas les deux."
            faults.append(FieldError("late_surcharge_percent", message))
        if faults:
            raise BadTariff("Corrigez les champs signalés.", errors=faults)

    @property
    def ordered(self) -> "Tariff":
        """The same with its bands from low to high."""
        bands = tuple(sorted(self.bands, key=lambda band: band.from_quotient))
        return replace(self, bands=bands)


def _faults(bands: Sequence[Band]) -> Iterator[FieldError]:
    if not bands:
        yield FieldError("bands", "Donnez au moins une tranche.")
        return
    for index, band in enumerate(bands):
        if band.price_cents < 0:
            yield FieldError(f"bands.{index}.price_cents", "Un prix ne peut pas être négatif.")
        if band.to_quotient is not None and band.to_quotient <= band.from_quotient:
            yield _at(index, "to", "La limite haute doit dépasser la limite basse.")
    order = sorted(range(len(bands)), key=lambda i: (bands[i].from_quotient, i))
    first, last = order[0], order[-1]
    if bands[first].from_quotient != 0:
        yield _at(first, "from", "La première tranche doit commencer à 0.")
    if bands[last].to_quotient is not None:
        yield _at(last, "to", "La dernière tranche doit rester sans limite haute.")
    for lower, upper in pairwise(order):
        yield from _border_faults(upper, bands[lower], bands[upper])


def _border_faults(index: int, lower: Band, upper: Band) -> Iterator[FieldError]:
    if lower.to_quotient is None:
        yield _at(index, "from", "Seule la dernière tranche peut rester sans limite haute.")
    elif upper.from_quotient > lower.to_quotient:
        between = _range(lower.to_quotient, upper.from_quotient)
        yield _at(index, "from", f"Aucune tranche ne couvre {between}.")
    elif upper.from_quotient < lower.to_quotient:
        between = _range(upper.from_quotient, lower.to_quotient)
        yield _at(index, "from", f"Deux tranches se recouvrent pour {between}.")


def _range(start: int, end: int) -> str:
    return f"le quotient {start}" if end == start + 1 else f"les quotients de {start} à {end - 1}"


def _at(index: int, side: str, message: str) -> FieldError:
    return FieldError(f"bands.{index}.{side}_quotient", message)
