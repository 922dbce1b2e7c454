"""The shapes of a price: flat, by band of quotient, or an effort rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias

from services.chassis.errors import FieldError

NEGATIVE = "Un prix ne peut pas être négatif."
# An effort rate is in ten-thousandths of the quotient, which is in euros.
WHOLE = 10_000


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
class Flat:
    """The same for everyone."""

    price_cents: int
    kind: Literal["flat"] = "flat"

    def cents(self, quotient: int | None) -> int:
        """The price, whatever the quotient."""
        del quotient
        return self.price_cents

    @property
    def highest(self) -> tuple[tuple[str, int], ...]:
        """Each amount that may be asked at most, by the field that says it."""
        return (("price_cents", self.price_cents),)

    @property
    def ordered(self) -> "Flat":
        """The same."""
        return self

    def faults(self) -> Iterator[FieldError]:
        """What is wrong with it, at its field."""
        if self.price_cents < 0:
            yield FieldError("price_cents", NEGATIVE)


@dataclass(frozen=True, slots=True)
class ByQuotient:
    """Half-open bands [from, to) that cover every quotient once."""

    bands: tuple[Band, ...]
    kind: Literal["quotient"] = "quotient"

    def cents(self, quotient: int | None) -> int:
        """The price of the quotient's band; of the band without limit when there is none."""
        for band in self.bands:
            if band.to_quotient is None if quotient is None else band.holds(quotient):
                return band.price_cents
        raise ValueError("the bands do not cover every quotient")

    @property
    def highest(self) -> tuple[tuple[str, int], ...]:
        """Each amount that may be asked at most, by the field that says it."""
        return tuple((f"bands.{i}.price_cents", b.price_cents) for i, b in enumerate(self.bands))

    @property
    def ordered(self) -> "ByQuotient":
        """The same with its bands from low to high."""
        return replace(self, bands=tuple(sorted(self.bands, key=lambda b: b.from_quotient)))

    def faults(self) -> Iterator[FieldError]:
        """What is wrong with the bands, at its field."""
        yield from _band_faults(self.bands)


@dataclass(frozen=True, slots=True)
class EffortRate:
    """A share of the quotient (taux d’effort), at least the floor and at most the ceiling.

    `rate` is in ten-thousandths: 50 is 0.50 %, and of a quotient of 720 € makes 3.60 €.
    """

    rate: int
    floor_cents: int
    ceiling_cents: int
    kind: Literal["effort_rate"] = "effort_rate"

    def cents(self, quotient: int | None) -> int:
        """The share, to the nearest cent; the ceiling when there is no quotient."""
        if quotient is None:
            return self.ceiling_cents
        share = (quotient * 100 * self.rate + WHOLE // 2) // WHOLE
        return min(self.ceiling_cents, max(self.floor_cents, share))

    @property
    def highest(self) -> tuple[tuple[str, int], ...]:
        """Each amount that may be asked at most, by the field that says it."""
        return (("ceiling_cents", self.ceiling_cents),)

    @property
    def ordered(self) -> "EffortRate":
        """The same."""
        return self

    def faults(self) -> Iterator[FieldError]:
        """What is wrong with it, at its field."""
        if not 0 < self.rate <= WHOLE:
            yield FieldError("rate", "Le taux d’effort doit être entre 0,01 et 100 %.")
        if self.floor_cents < 0:
            yield FieldError("floor_cents", NEGATIVE)
        if self.ceiling_cents < self.floor_cents:
            yield FieldError("ceiling_cents", "Le plafond ne peut pas être sous le plancher.")


Price: TypeAlias = Flat | ByQuotient | EffortRate


def _band_faults(bands: Sequence[Band]) -> Iterator[FieldError]:
    if not bands:
        yield FieldError("bands", "Donnez au moins une tranche.")
        return
    for index, band in enumerate(bands):
        if band.price_cents < 0:
            yield FieldError(f"bands.{index}.price_cents", NEGATIVE)
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
