"""What another tariff would change for families, seen on a month that was."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.billing.model.tariffs.prices import ByQuotient, Price

# Groups of families where neither tariff goes by bands.
USUAL_STARTS = (0, 400, 600, 800, 1000, 1200, 1500)


@dataclass(frozen=True, slots=True)
class Compared:
    """The families of one group of quotients; None: those without a valid quotient."""

    from_quotient: int | None
    to_quotient: int | None
    families: int
    units: int
    today_cents: int
    new_cents: int
    gaining: int
    losing: int


def groups(prices: Sequence[Price]) -> tuple[int, ...]:
    """Where the groups of quotients begin: those of the first price that goes by bands."""
    for price in prices:
        if isinstance(price, ByQuotient) and len(price.bands) > 1:
            return tuple(sorted(band.from_quotient for band in price.bands))
    return USUAL_STARTS
