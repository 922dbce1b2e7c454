"""What a payment paid of each line: to the cent, whatever parts it came in."""

from datetime import date
from itertools import pairwise
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from services.billing.model.months import Month
from services.billing.model.portions import InvoicedLine, portions

NOVEMBER = Month(date(2026, 11, 1))


def lines(*amounts: int) -> list[InvoicedLine]:
    invoice, activity = UUID(int=1), UUID(int=2)
    return [
        InvoicedLine(invoice, "EJ-2026-1", UUID(int=10 + n), activity, NOVEMBER, amount)
        for n, amount in enumerate(amounts)
    ]


def test_a_whole_payment_pays_each_line() -> None:
    paid = portions(lines(350, 1275), 0, 1625)
    assert [portion.amount_cents for portion in paid] == [350, 1275]


def test_a_part_payment_falls_on_the_lines_in_proportion() -> None:
    paid = portions(lines(300, 100), 0, 200)
    assert [portion.amount_cents for portion in paid] == [150, 50]


def test_a_correction_below_zero_counts_as_it_stands() -> None:
    paid = portions(lines(500, -100), 0, 400)
    assert [portion.amount_cents for portion in paid] == [500, -100]


@given(
    amounts=st.lists(st.integers(-5_000, 50_000), min_size=1, max_size=8),
    cuts=st.lists(st.floats(0, 1), max_size=4),
)
def test_the_parts_add_up_to_what_was_paid_and_to_each_line(
    amounts: list[int], cuts: list[float]
) -> None:
    total = sum(amounts)
    assume(total > 0)
    stops = sorted({0, total, *(int(cut * total) for cut in cuts)})
    by_line: dict[UUID, int] = {}
    for before, after in pairwise(stops):
        paid = portions(lines(*amounts), before, after)
        assert sum(portion.amount_cents for portion in paid) == after - before
        for portion in paid:
            child = portion.line.child_id
            by_line[child] = by_line.get(child, 0) + portion.amount_cents
    assert [by_line.get(line.child_id, 0) for line in lines(*amounts)] == amounts
