"""Tariffs and cases of all shapes, for properties in Python and in SQL."""

from datetime import date
from typing import get_args
from uuid import UUID

from hypothesis import strategies as st

from services.billing.model.stays import Stay
from services.billing.model.tariffs import (
    Band,
    ByQuotient,
    Case,
    EffortRate,
    Flat,
    HalfHours,
    Price,
    Siblings,
    Surcharge,
    Tariff,
    TimeBand,
    TimeBands,
)
from services.billing.model.tariffs.siblings import Counted
from services.billing.model.units import OF_MONTH, Basis
from tests.unit.billing.builders import CANTEEN

# So that borders and quotients meet often.
QUOTIENTS = st.integers(0, 40).map(lambda n: n * 50 + 3) | st.integers(0, 3000)
COST_CENTS = 2500

cents = st.integers(0, 2000)


@st.composite
def by_quotient(draw: st.DrawFn, *, rising: bool = False) -> ByQuotient:
    """Bands without hole or overlap, from low to high."""
    borders = sorted(draw(st.sets(QUOTIENTS.filter(bool), max_size=6)))
    prices = [draw(cents) for _ in (0, *borders)]
    ends: list[int | None] = [*borders, None]
    columns = zip([0, *borders], ends, sorted(prices) if rising else prices, strict=True)
    return ByQuotient(tuple(Band(*column) for column in columns))


@st.composite
def effort_rates(draw: st.DrawFn) -> EffortRate:
    """A share of the quotient within its limits."""
    floor, ceiling = sorted((draw(cents), draw(cents)))
    return EffortRate(draw(st.integers(1, 300)), floor, ceiling)


def prices() -> st.SearchStrategy[Price]:
    """A price of any shape."""
    return st.one_of(cents.map(Flat), by_quotient(), effort_rates())


def surcharges() -> st.SearchStrategy[Surcharge]:
    """A surcharge in cents or in percent."""
    return st.one_of(
        cents.map(lambda n: Surcharge(cents=n)),
        st.integers(0, 200).map(lambda n: Surcharge(percent=n)),
    )


@st.composite
def siblings(draw: st.DrawFn) -> Siblings:
    """Percent off, or prices, by rank."""
    counted = draw(st.sampled_from(get_args(Counted)))
    if draw(st.booleans()):
        percents = draw(st.lists(st.integers(0, 100), min_size=1, max_size=3))
        return Siblings(counted, percents=tuple(percents))
    return Siblings(counted, prices=tuple(draw(st.lists(prices(), min_size=1, max_size=3))))


@st.composite
def time_bands(draw: st.DrawFn) -> TimeBands:
    """Parts of the day that do not meet, in their order; at most three may be touched."""
    borders = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
    pairs = zip(borders[::2], borders[1::2], strict=False)
    return TimeBands(tuple(TimeBand(start, end, draw(prices())) for start, end in pairs))


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    """From arrival to departure."""
    arrived, left = sorted((draw(st.integers(0, 1440)), draw(st.integers(0, 1440))))
    return arrived, left


@st.composite
def tariffs(draw: st.DrawFn, activity_id: UUID = CANTEEN) -> Tariff:
    """A tariff that may be published."""
    outside = draw(st.none() | prices())
    return Tariff(
        activity_id=activity_id,
        valid_from=date(2026, 9, 1),
        price=draw(prices()),
        outside=outside,
        outside_supplement_cents=0 if outside else draw(st.integers(0, 400)),
        own_meal=draw(st.none() | prices()),
        unreserved=draw(surcharges()),
        late=draw(surcharges()),
        cost_cents=draw(st.none() | st.just(COST_CENTS * 3)),
        siblings=draw(st.none() | siblings()),
        hours=draw(st.none() | st.just(HalfHours()) | time_bands()),
    )


def cases() -> st.SearchStrategy[Case]:
    """A unit that is charged, of any child."""
    return st.builds(
        Case,
        basis=st.sampled_from([b for b in Basis if b.charged and b not in OF_MONTH]),
        quotient=st.none() | QUOTIENTS,
        resident=st.booleans(),
        own_meal=st.booleans(),
        rank=st.integers(1, 4),
        stay=stays(),
    )
