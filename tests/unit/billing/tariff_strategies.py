"""Tariffs and cases of all shapes, for properties in Python and in SQL."""

from datetime import date
from uuid import UUID

from hypothesis import strategies as st

from services.billing.model.tariffs import (
    Band,
    ByQuotient,
    Case,
    EffortRate,
    Flat,
    Price,
    Surcharge,
    Tariff,
)
from services.billing.model.units import Basis
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
        cost_cents=draw(st.none() | st.just(COST_CENTS)),
    )


def cases() -> st.SearchStrategy[Case]:
    """A unit that is charged, of any child."""
    return st.builds(
        Case,
        basis=st.sampled_from([basis for basis in Basis if basis.charged]),
        quotient=st.none() | QUOTIENTS,
        resident=st.booleans(),
        own_meal=st.booleans(),
    )
