"""What one unit costs, by every shape of price."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.errors import BadTariff
from services.billing.model.stays import Stay, half_hours
from services.billing.model.tariffs import (
    Band,
    ByQuotient,
    Case,
    EffortRate,
    Flat,
    HalfHours,
    Siblings,
    Surcharge,
    Tariff,
    TimeBand,
    TimeBands,
    price,
)
from services.billing.model.tariffs.words import words
from services.billing.model.units import Basis
from tests.unit.billing.builders import CANTEEN, DAY
from tests.unit.billing.tariff_strategies import (
    QUOTIENTS,
    by_quotient,
    cases,
    effort_rates,
    tariffs,
)

HALF_PERCENT = EffortRate(50, 100, 500)


def canteen(**changes: Any) -> Tariff:
    """A flat tariff of 3,50 €, but for these changes."""
    return replace(Tariff(CANTEEN, DAY, Flat(350)), **changes)


def cost(tariff: Tariff, **changes: Any) -> int:
    """What a reserved unit costs a resident, but for these changes."""
    return price(tariff, Case(**{"basis": Basis.RESERVED, "quotient": 720, **changes})).amount_cents


@pytest.mark.parametrize(
    ("quotient", "cents"), [(720, 360), (721, 361), (150, 100), (1200, 500), (None, 500)]
)
def test_an_effort_rate_is_a_share_between_floor_and_ceiling(
    quotient: int | None, cents: int
) -> None:
    assert HALF_PERCENT.cents(quotient) == cents


def test_who_lives_elsewhere_pays_other_prices_or_a_supplement() -> None:
    listed = canteen(outside=Flat(400))
    added = canteen(outside_supplement_cents=80)
    assert (cost(listed, resident=False), cost(added, resident=False)) == (400, 430)
    assert cost(listed) == cost(added) == 350


def test_who_brings_the_meal_pays_its_price_wherever_the_home() -> None:
    tariff = canteen(own_meal=Flat(145), outside_supplement_cents=80)
    assert cost(tariff, own_meal=True) == cost(tariff, own_meal=True, resident=False) == 145
    assert cost(canteen(), own_meal=True) == 350


def test_a_surcharge_stops_at_the_cost() -> None:
    tariff = canteen(unreserved=Surcharge(percent=100), late=Surcharge(cents=60), cost_cents=500)
    assert cost(tariff, basis=Basis.UNRESERVED) == 500
    assert cost(tariff, basis=Basis.LATE_RESERVATION) == 410


@pytest.mark.parametrize(("rank", "cents"), [(1, 350), (2, 315), (3, 280), (4, 280)])
def test_the_last_reduction_holds_for_all_further_children(rank: int, cents: int) -> None:
    assert cost(canteen(siblings=Siblings("enrolled", (10, 20))), rank=rank) == cents


@pytest.mark.parametrize(("rank", "cents"), [(1, 350), (2, 300), (3, 300)])
def test_a_rank_may_have_prices_of_its_own(rank: int, cents: int) -> None:
    assert cost(canteen(siblings=Siblings("same_day", prices=(Flat(300),))), rank=rank) == cents


@pytest.mark.parametrize(
    ("stay", "cents"), [((990, 991), 60), ((990, 1020), 60), ((990, 1021), 120), ((990, 990), 60)]
)
def test_a_half_hour_begun_is_due(stay: Stay, cents: int) -> None:
    assert cost(canteen(price=Flat(60), hours=HalfHours()), stay=stay) == cents


@pytest.mark.parametrize(
    ("stay", "cents"),
    [((990, 1050), 150), ((990, 1051), 250), ((1050, 1060), 100), ((900, 990), 0), (None, 250)],
)
def test_each_part_of_the_day_that_was_used_is_due(stay: Stay | None, cents: int) -> None:
    bands = TimeBands((TimeBand(990, 1050, Flat(150)), TimeBand(1050, 1110, Flat(100))))
    assert cost(canteen(hours=bands), stay=stay) == cents


@given(tariffs(), cases())
def test_a_price_is_never_below_zero_nor_beyond_the_cost(tariff: Tariff, case: Case) -> None:
    tariff.check()
    priced = price(tariff, case)
    assert 0 <= priced.unit_cents <= priced.amount_cents
    if tariff.cost_cents is not None:
        by_half_hour = isinstance(tariff.hours, HalfHours)
        uses = half_hours(case.stay or (0, 0)) if by_half_hour else 1
        assert priced.amount_cents <= tariff.cost_cents * uses


@given(by_quotient(rising=True) | effort_rates(), QUOTIENTS, QUOTIENTS)
def test_a_higher_quotient_never_pays_less(
    listed: ByQuotient | EffortRate, one: int, other: int
) -> None:
    lower, higher = sorted((one, other))
    assert listed.cents(lower) <= listed.cents(higher) <= listed.cents(None)


@given(tariffs(), cases(), st.randoms())
def test_the_order_of_the_bands_does_not_matter(tariff: Tariff, case: Case, chance: Any) -> None:
    if isinstance(tariff.price, ByQuotient):
        shuffled = list(tariff.price.bands)
        chance.shuffle(shuffled)
        moved = replace(tariff, price=ByQuotient(tuple(shuffled)))
        assert moved.ordered == tariff
        assert price(moved, case) == price(tariff, case)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price": Flat(-1)}, "price_cents"),
        ({"price": EffortRate(50, 500, 100)}, "ceiling_cents"),
        ({"price": EffortRate(0, 0, 100)}, "rate"),
        ({"outside": ByQuotient((Band(5, None, 1),))}, "outside.bands.0.from_quotient"),
        ({"own_meal": EffortRate(50, 500, 100)}, "own_meal.ceiling_cents"),
        ({"outside": Flat(400), "outside_supplement_cents": 5}, "outside_supplement_cents"),
        ({"siblings": Siblings("enrolled")}, "siblings.percents"),
        ({"siblings": Siblings("enrolled", (10, 101))}, "siblings.percents.1"),
        ({"siblings": Siblings("enrolled", prices=(Flat(-1),))}, "siblings.prices.0.price_cents"),
        ({"hours": TimeBands(())}, "hours.bands"),
        ({"hours": TimeBands((TimeBand(60, 60, Flat(1)),))}, "hours.bands.0.ends_at"),
        (
            {"hours": TimeBands((TimeBand(60, 90, Flat(1)), TimeBand(80, 99, Flat(1))))},
            "hours.bands.1.starts_at",
        ),
        (
            {
                "hours": TimeBands((TimeBand(1, 2, Flat(350)), TimeBand(2, 3, Flat(99)))),
                "cost_cents": 400,
            },
            "hours.bands",
        ),
        ({"unreserved": Surcharge(50, 50)}, "unreserved_surcharge_percent"),
        ({"late": Surcharge(-50)}, "late_surcharge_cents"),
        ({"cost_cents": 349}, "price_cents"),
        ({"cost_cents": 380, "outside_supplement_cents": 31}, "outside_supplement_cents"),
        ({"cost_cents": 380, "outside": HALF_PERCENT}, "outside.ceiling_cents"),
    ],
)
def test_a_fault_is_named_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadTariff) as refused:
        canteen(**changes).check()
    assert [error.field for error in refused.value.errors] == [field]


def test_a_tariff_is_said_in_sentences() -> None:
    tariff = canteen(
        price=HALF_PERCENT,
        outside_supplement_cents=80,
        own_meal=Flat(145),
        unreserved=Surcharge(percent=50),
        cost_cents=900,
    )
    assert [said.replace("\u00a0", " ") for said in words(tariff)] == [
        "Taux d’effort : 0,50 % du quotient familial, au moins 1,00 € et au plus 5,00 €.",
        "Familles hors commune : 0,80 € en plus.",
        "Repas apporté par la famille (PAI) : prix unique : 1,45 €.",
        "Présence sans réservation : 50 % en plus.",
        "Jamais plus que le coût par usager, 9,00 €.",
    ]
