"""What another tariff would change for families, seen on a month that was."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class Seen:
    """What the month asks of a family today and by the other tariff; no quotient: no valid one."""

    quotient: int | None
    units: int
    today_cents: int
    new_cents: int


def compared(families: Iterable[Seen], starts: Sequence[int]) -> list[Compared]:
    """The families by group of quotients; those without one are the last group."""
    by_start = defaultdict[int | None, list[Seen]](list)
    for family in families:
        quotient = family.quotient
        start = None if quotient is None else starts[bisect_right(starts, quotient) - 1]
        by_start[start].append(family)
    return [
        _summed(start, by_start[start], starts) for start in (*starts, None) if start in by_start
    ]


def _summed(start: int | None, members: Sequence[Seen], starts: Sequence[int]) -> Compared:
    later = (other for other in starts if start is not None and other > start)
    return Compared(
        from_quotient=start,
        to_quotient=min(later, default=None),
        families=len(members),
        units=sum(family.units for family in members),
        today_cents=sum(family.today_cents for family in members),
        new_cents=sum(family.new_cents for family in members),
        gaining=sum(family.new_cents < family.today_cents for family in members),
        losing=sum(family.new_cents > family.today_cents for family in members),
    )
