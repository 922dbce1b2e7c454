"""What is charged for one child at one session, whatever order the news comes in."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.model.corrections import Due, Invoiced, settle
from services.billing.model.units import (
    BASIS,
    Attended,
    Basis,
    Mark,
    Place,
    Reserved,
    Unit,
    told_in_turn,
)
from tests.unit.billing.builders import DURAND, MARTIN, unit

PRICE, SURCHARGE, LATE_SURCHARGE = 350, 200, 150


@pytest.mark.parametrize(
    ("reserved", "attended", "basis"),
    [
        (Reserved.KEPT, Attended.UNKNOWN, Basis.RESERVED),
        (Reserved.KEPT, Attended.PRESENT, Basis.PRESENT),
        (Reserved.KEPT, Attended.ABSENT, Basis.ABSENT),
        (Reserved.KEPT, Attended.EXCUSED, Basis.EXCUSED),
        (Reserved.CANCELLED, Attended.UNKNOWN, Basis.CANCELLED),
        (Reserved.CANCELLED_LATE, Attended.UNKNOWN, Basis.LATE_CANCELLATION),
        (Reserved.CANCELLED_LATE, Attended.EXCUSED, Basis.EXCUSED),
        (Reserved.NONE, Attended.PRESENT, Basis.UNRESERVED),
        (Reserved.CANCELLED, Attended.PRESENT, Basis.UNRESERVED),
        (Reserved.NONE, Attended.ABSENT, Basis.NOT_EXPECTED),
        (Reserved.KEPT_LATE, Attended.UNKNOWN, Basis.LATE_RESERVATION),
        (Reserved.KEPT_LATE, Attended.PRESENT, Basis.LATE_RESERVATION),
        (Reserved.KEPT_LATE, Attended.EXCUSED, Basis.EXCUSED),
        (Reserved.CLOSED, Attended.UNKNOWN, Basis.CLOSED),
        (Reserved.CLOSED, Attended.ABSENT, Basis.CLOSED),
        (Reserved.CLOSED, Attended.PRESENT, Basis.PRESENT),
    ],
)
def test_the_basis_follows_from_reservation_and_roll(
    reserved: Reserved, attended: Attended, basis: Basis
) -> None:
    assert unit(reserved, attended).basis is basis


def test_every_pair_of_states_has_a_basis() -> None:
    assert set(BASIS) == set(product(Reserved, Attended))


def test_what_is_charged_and_what_is_not() -> None:
    assert {basis for basis in Basis if not basis.charged} == {
        Basis.CANCELLED,
        Basis.CLOSED,
        Basis.EXCUSED,
        Basis.NOT_EXPECTED,
    }


def test_a_roll_that_knew_of_the_reservation_is_no_surprise_though_it_came_first() -> None:
    early = unit(attended=Attended.PRESENT, expected=True)
    assert early.basis is Basis.PRESENT


def test_older_news_changes_nothing() -> None:
    newest = unit().told(Place(3, Reserved.CANCELLED, MARTIN))
    assert newest.told(Place(2, Reserved.KEPT, MARTIN)) is newest
    assert newest.told(Place(3, Reserved.KEPT, MARTIN)) is newest


def test_who_brought_the_child_unexpected_pays_though_another_family_gave_the_place_back() -> None:
    both = unit(Reserved.CANCELLED, Attended.PRESENT, by=MARTIN, marked_for=DURAND)
    assert both.payer == DURAND
    assert settle(both, ()) == (Due(DURAND, Basis.UNRESERVED),)


def test_nothing_is_due_for_a_place_given_back_in_time() -> None:
    assert settle(unit(Reserved.CANCELLED), ()) == ()


def test_a_charged_unit_that_is_invoiced_is_not_charged_again() -> None:
    known = Invoiced(MARTIN, "2026-EJ-000001", PRICE, SURCHARGE, PRICE)
    assert settle(unit(Reserved.KEPT, Attended.PRESENT), [known]) == ()


def test_an_excuse_after_the_invoice_takes_back_what_it_charged_at_its_own_price() -> None:
    known = Invoiced(MARTIN, "2026-EJ-000001", PRICE, SURCHARGE, PRICE)
    (due,) = settle(unit(Reserved.KEPT, Attended.EXCUSED), [known])
    assert due.basis is Basis.EXCUSED
    assert due.correction
    assert (due.correction.number, due.correction.amount_cents) == ("2026-EJ-000001", -PRICE)


def test_a_place_that_went_to_the_other_home_after_the_invoice_moves_its_charge() -> None:
    known = Invoiced(MARTIN, "2026-EJ-000001", PRICE, SURCHARGE, PRICE)
    back, fresh = settle(unit(Reserved.KEPT, by=DURAND), [known])
    assert (back.family_id, back.correction and back.correction.amount_cents) == (MARTIN, -PRICE)
    assert fresh == Due(DURAND, Basis.RESERVED)


# Any story: news about the place and the roll in any order, repeated, with invoices in between.

families = st.sampled_from([MARTIN, DURAND])
places = st.builds(Place, st.integers(1, 6), st.sampled_from(list(Reserved)[1:]), families)
marks = st.builds(
    Mark, st.integers(1, 6), st.sampled_from(list(Attended)[1:]), families, st.booleans()
)


def price(due: Due) -> int:
    """What the tariff of the test would charge."""
    if due.correction:
        return due.correction.amount_cents
    more = {Basis.UNRESERVED: SURCHARGE, Basis.LATE_RESERVATION: LATE_SURCHARGE}
    return PRICE + more.get(due.basis, 0)


def invoice(dues: Sequence[Due], number: int) -> list[Invoiced]:
    """What an invoice makes of what is due."""
    return [
        Invoiced(
            due.family_id, f"2026-EJ-{number:06d}", PRICE, SURCHARGE, price(due), LATE_SURCHARGE
        )
        for due in dues
    ]


@given(st.lists(places | marks | st.just("invoice"), max_size=25))
def test_whatever_happens_the_books_end_at_the_price_of_what_happened(
    story: list[Place | Mark | str],
) -> None:
    known, held = unit(), list[Invoiced]()
    for number, event in enumerate(story):
        if isinstance(event, str):
            held += invoice(settle(known, held), number)
        else:
            known = known.told(event)
    charged: dict[UUID, int] = {MARTIN: 0, DURAND: 0}
    for line in held + invoice(settle(known, held), 999):
        charged[line.family_id] += line.amount_cents
    expected = {MARTIN: 0, DURAND: 0}
    if known.payer and known.basis.charged:
        expected[known.payer] = price(Due(known.payer, known.basis))
    assert charged == expected


@given(st.lists(places | marks, unique_by=lambda n: (type(n), n.version)), st.randoms())
def test_order_and_repetition_of_the_news_do_not_matter(
    story: list[Place | Mark], chance: object
) -> None:
    mixed = [*story, *story]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert settle(_told(mixed), ()) == settle(_told(story), ())


@given(st.lists(st.tuples(st.integers(0, 3), places | marks)))
def test_news_of_several_units_told_in_turn_leaves_each_as_its_own_would(
    stories: list[tuple[int, Place | Mark]],
) -> None:
    units = [replace(unit(), session_id=UUID(int=number)) for number in range(4)]
    told = told_in_turn(
        {one.key: one for one in units}, [(units[number], news) for number, news in stories]
    )
    alone = [
        replace(_told([news for of, news in stories if of == number]), session_id=one.session_id)
        for number, one in enumerate(units)
    ]
    assert told == [after for one, after in zip(units, alone, strict=True) if after != one]


def _told(story: Sequence[Place | Mark]) -> Unit:
    known = unit()
    for news in story:
        known = known.told(news)
    return known
