"""Bands of quotient cover every quotient exactly once, or the tariff is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.errors import BadTariff
from services.billing.model.tariffs import Band, ByQuotient
from tests.unit.billing.builders import tariff


@st.composite
def good_bands(draw: st.DrawFn) -> list[tuple[int, int | None, int]]:
    borders = sorted(draw(st.sets(st.integers(1, 3000), max_size=8)))
    starts: list[int] = [0, *borders]
    ends: list[int | None] = [*borders, None]
    prices = [draw(st.integers(0, 2000)) for _ in starts]
    return draw(st.permutations(list(zip(starts, ends, prices, strict=True))))


@given(good_bands(), st.integers(0, 5000))
def test_every_quotient_has_exactly_one_band(
    bands: list[tuple[int, int | None, int]], quotient: int
) -> None:
    checked = tariff(*bands)
    checked.check()
    assert isinstance(checked.price, ByQuotient)
    assert sum(band.holds(quotient) for band in checked.price.bands) == 1


@given(good_bands())
def test_bands_are_kept_from_low_to_high_whatever_order_they_came_in(
    bands: list[tuple[int, int | None, int]],
) -> None:
    ordered = tariff(*bands).ordered.price
    assert isinstance(ordered, ByQuotient)
    starts = [band.from_quotient for band in ordered.bands]
    assert starts == sorted(starts)


@given(good_bands(), st.data())
def test_a_moved_border_is_a_hole_or_an_overlap_and_is_refused(
    bands: list[tuple[int, int | None, int]], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(bands) - 1))
    start, end, price = bands[index]
    moved = data.draw(st.integers(0, 4000).filter(lambda n: n != start))
    changed = [*bands[:index], (moved, end, price), *bands[index + 1 :]]
    with pytest.raises(BadTariff):
        tariff(*changed).check()


@pytest.mark.parametrize(
    ("bands", "field", "message"),
    [
        ([(100, None, 300)], "bands.0.from_quotient", "commencer à 0"),
        ([(0, 600, 300)], "bands.0.to_quotient", "sans limite haute"),
        ([(0, 599, 1), (600, None, 2)], "bands.1.from_quotient", "le quotient 599"),
        ([(0, 590, 1), (600, None, 2)], "bands.1.from_quotient", "les quotients de 590 à 599"),
        ([(0, 601, 1), (600, None, 2)], "bands.1.from_quotient", "se recouvrent"),
        ([(0, None, 1), (600, None, 2)], "bands.1.from_quotient", "Seule la dernière"),
        ([(0, None, -1)], "bands.0.price_cents", "négatif"),
        ([(600, 500, 1), (0, 600, 1)], "bands.0.to_quotient", "dépasser"),
        ([], "bands", "au moins une"),
    ],
)
def test_a_fault_is_named_at_its_field(
    bands: list[tuple[int, int | None, int]], field: str, message: str
) -> None:
    with pytest.raises(BadTariff) as refused:
        tariff(*bands).check()
    assert any(e.field == field and message in e.message for e in refused.value.errors)


def test_a_border_belongs_to_the_upper_band() -> None:
    lower, upper = Band(0, 600, 100), Band(600, None, 200)
    assert (lower.holds(599), lower.holds(600), upper.holds(600)) == (True, False, True)
