"""Caps, fees, formulas and aids of one child."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.billing.model.aids import Aid, deducted
from services.billing.model.formulas import KINDS, Formula, saved
from services.billing.model.tariffs.months import Monthly, adjustment
from services.billing.model.tariffs.prices import Flat
from tests.unit.billing.builders import MARTIN
from tests.unit.billing.tariff_strategies import QUOTIENTS, prices

SEPTEMBER, AUGUST = date(2026, 9, 1), date(2027, 8, 31)
amounts = st.integers(0, 3000)


@given(prices(), amounts, st.none() | QUOTIENTS)
def test_a_capped_month_costs_the_lower_of_both(
    price: Flat, used: int, quotient: int | None
) -> None:
    total = used + adjustment(Monthly("cap", price), used, quotient)
    assert total == min(used, price.cents(quotient))


@given(prices(), amounts, st.none() | QUOTIENTS)
def test_a_fee_is_all_that_a_month_costs(price: Flat, used: int, quotient: int | None) -> None:
    fee = Monthly("fee", price)
    assert used + adjustment(fee, used, quotient) == price.cents(quotient)


@given(
    st.dictionaries(st.sampled_from(KINDS), amounts),
    st.lists(
        st.builds(
            Formula,
            name=st.just("Journée"),
            kinds=st.lists(st.sampled_from(KINDS), min_size=2, unique=True).map(tuple),
            price=prices(),
            valid_from=st.just(SEPTEMBER),
        ),
        max_size=3,
    ),
)
def test_a_formula_never_makes_a_day_dearer_nor_free(
    day: dict[str, int], formulas: list[Formula]
) -> None:
    assert 0 <= saved(day, formulas, 720) <= sum(day.values())


@given(st.lists(amounts, max_size=10), st.none() | amounts, st.none() | amounts, amounts)
def test_an_aid_keeps_to_its_ceilings_and_to_what_is_due(
    days: list[int], day_cents: int | None, month_cents: int | None, due: int
) -> None:
    aid = Aid(MARTIN, "CAF", SEPTEMBER, AUGUST, day_cents=day_cents, month_cents=month_cents)
    given_by_day = deducted(aid, days, due)
    assert sum(given_by_day) <= due
    assert month_cents is None or sum(given_by_day) <= month_cents
    for cents, given_cents in zip(days, given_by_day, strict=True):
        assert 0 <= given_cents <= cents
        assert day_cents is None or given_cents <= day_cents
