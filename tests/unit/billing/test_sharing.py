"""A child's charges divided among payers, to the cent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.errors.payers import BadSharing, BadThirdParty
from services.billing.model.payers import ThirdParty, reference
from services.billing.model.sharing import Part, Sharing, divide, of_a_month, prorate
from services.billing.model.units import Basis
from services.billing.model.wording import WHOLE, Grounds, short_percent

ANNE, BRUNO, CCAS = (UUID(int=number) for number in (1, 2, 3))

amounts = st.integers(-10_000_000, 10_000_000)


@st.composite
def parts_of_a_whole(draw: st.DrawFn) -> dict[UUID, int]:
    """Parts of up to six payers that add up to the whole, in any order."""
    payers = draw(st.lists(st.uuids(), min_size=1, max_size=6, unique=True))
    cuts = draw(st.lists(st.integers(0, WHOLE), min_size=len(payers) - 1, max_size=len(payers) - 1))
    edges = (0, *sorted(cuts), WHOLE)
    return {payer: b - a for payer, (a, b) in zip(payers, pairwise(edges), strict=True)}


@given(amounts, parts_of_a_whole())
def test_no_cent_is_lost_or_made(amount: int, parts: Mapping[UUID, int]) -> None:
    assert sum(divide(amount, parts).values()) == amount


@given(amounts, parts_of_a_whole())
def test_each_part_is_within_a_cent_of_its_due(amount: int, parts: Mapping[UUID, int]) -> None:
    for payer, cents in divide(amount, parts).items():
        assert abs(cents * WHOLE - amount * parts[payer]) < WHOLE


@given(amounts, parts_of_a_whole(), st.randoms())
def test_the_order_of_payers_does_not_matter(
    amount: int, parts: Mapping[UUID, int], random: object
) -> None:
    shuffled = sorted(parts.items(), key=lambda _: random.random())  # type: ignore[attr-defined]
    assert divide(amount, dict(shuffled)) == divide(amount, parts)


@given(amounts, parts_of_a_whole())
def test_what_is_given_back_is_what_was_taken(amount: int, parts: Mapping[UUID, int]) -> None:
    taken, given_back = divide(amount, parts), divide(-amount, parts)
    assert {payer: -cents for payer, cents in taken.items()} == given_back


def test_the_cent_that_is_left_goes_to_the_largest_remainder() -> None:
    assert divide(100, {ANNE: 3333, BRUNO: 3333, CCAS: 3334}) == {ANNE: 33, BRUNO: 33, CCAS: 34}
    assert divide(345, {BRUNO: 5000, ANNE: 5000}) == {ANNE: 173, BRUNO: 172}


uses = st.dictionaries(st.sampled_from(["", "a", "b", "c"]), st.integers(-500, 5000), min_size=1)


@given(st.integers(-20_000, 20_000), uses, st.sampled_from(["", "a", "z"]))
def test_a_cap_stays_whole_and_follows_the_uses_that_each_sharing_divides(
    cents: int, used: dict[str, int], last: str
) -> None:
    found = of_a_month(cents, used, last)
    assert sum(found.values()) == cents
    total = sum(max(each, 0) for each in used.values())
    if not total:
        assert found == {last: cents}
    for sharing, part in found.items() if total else ():
        assert abs(part * total - cents * max(used[sharing], 0)) < total


@given(st.integers(1, 20_000), st.dictionaries(st.sampled_from("abc"), st.integers(0, 5000)))
def test_no_sharing_is_given_more_by_a_cap_than_its_uses_cost(
    capped: int, used: dict[str, int]
) -> None:
    total = sum(used.values())
    if total > capped:
        off = of_a_month(capped - total, used, "")
        left = {sharing: cents + off[sharing] for sharing, cents in used.items()}
        assert sum(left.values()) == capped
        assert all(0 <= cents <= used[sharing] for sharing, cents in left.items())


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": -1, "b": 2}], ids=str)
def test_nothing_is_prorated_by_nothing(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="nothing"):
        prorate(100, weights)


@pytest.mark.parametrize("parts", [{ANNE: 9999}, {ANNE: 10_001}, {ANNE: 10_001, BRUNO: -1}])
def test_what_is_no_whole_is_not_divided(parts: dict[UUID, int]) -> None:
    with pytest.raises(ValueError, match="whole"):
        divide(100, parts)


def sharing(*parts: tuple[UUID, int], until: date | None = None) -> Sharing:
    """From September on."""
    told = tuple(Part(*part) for part in parts)
    return Sharing(ANNE, uuid4(), None, told, date(2026, 9, 1), until)


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (sharing((ANNE, 5000), (BRUNO, 4000)), ["parts"]),
        (sharing((ANNE, 10_000), (BRUNO, 0)), ["parts.1.part"]),
        (sharing((ANNE, 10_500), (BRUNO, -500)), ["parts.0.part", "parts.1.part"]),
        (sharing((ANNE, 5000), (ANNE, 5000)), ["parts.0.payer_id", "parts.1.payer_id"]),
        (sharing((ANNE, 10_000), until=date(2026, 8, 31)), ["valid_until"]),
    ],
    ids=["ninety", "none", "beyond", "twice", "ends-first"],
)
def test_every_fault_is_named_at_its_field(wrong: Sharing, fields: list[str]) -> None:
    with pytest.raises(BadSharing) as refused:
        wrong.check()
    assert [error.field for error in refused.value.errors] == fields


def test_one_day_is_a_period() -> None:
    sharing((ANNE, 3000), (CCAS, 7000), until=date(2026, 9, 1)).check()


def test_percents_are_written_as_they_were_meant() -> None:
    assert [short_percent(part) for part in (10_000, 3000, 3350, 3333, 5)] == [
        "100\u00a0%",
        "30\u00a0%",
        "33,5\u00a0%",
        "33,33\u00a0%",
        "0,05\u00a0%",
    ]


def test_a_line_says_which_part_of_what_and_what_was_asked_before() -> None:
    rule = {"part": 3000, "whole_cents": 6210}
    assert Grounds(Basis.SHARE, rule=rule).reason == (
        "Répartition entre payeurs\u00a0: 30\u00a0% de 62,10\u00a0€ à votre charge"
    )
    assert Grounds(Basis.SHARE, amount_cents=-4347, rule=rule).reason == (
        "Répartition entre payeurs\u00a0: part d’autres payeurs, 70\u00a0% de 62,10\u00a0€"
    )
    again = Grounds(Basis.SHARE, rule=rule | {"before_cents": 2070}).reason
    assert again.endswith("à votre charge, dont 20,70\u00a0€ déjà facturés")


FOSTER = ThirdParty(
    "organisation",
    "Service d’accueil",
    ("2 rue Basse",),
    "50000",
    "Saint-Lô",
    nature="department",
)


def test_a_third_party_has_a_place_in_a_window_envelope() -> None:
    assert FOSTER.addressee == ["Service d’accueil", "2 rue Basse", "50000 SAINT-LÔ"]
    assert reference(12) == "T000012"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "person", "nature": None, "siret": "73282932000074"}, "siret"),
        ({"kind": "person"}, "nature"),
        ({"nature": None}, "nature"),
        ({"postcode": "5000A"}, "postcode"),
    ],
)
def test_a_payer_who_is_none_is_refused(changes: dict[str, str | None], field: str) -> None:
    with pytest.raises(BadThirdParty) as refused:
        replace(FOSTER, **changes).check()  # type: ignore[arg-type]
    assert [error.field for error in refused.value.errors] == [field]
