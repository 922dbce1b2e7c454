"""Credit notes: never more than is left of a line, an invoice, or of what was not given up."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.errors.till import CreditNoteTooHigh
from services.billing.model.credit_notes import Remaining, Standing, posting, taken_off
from services.billing.model.ledger import Account
from tests.unit.billing.builders import MARTIN

LINES = (Remaining(1, 700), Remaining(2, 550), Remaining(3, -250))
NOTE, INVOICE = UUID(int=1), UUID(int=2)


def test_the_whole_takes_off_what_every_line_has_left_corrections_among_them() -> None:
    taken = taken_off(LINES, None)
    assert [(line.position, line.amount_cents) for line in taken] == [(1, 700), (2, 550), (3, -250)]


def test_lines_are_taken_off_by_their_position() -> None:
    assert [line.position for line in taken_off(LINES, {2: 550, 1: 1})] == [1, 2]


@pytest.mark.parametrize(
    "wanted",
    [{1: 701}, {3: 1}, {3: -250}, {4: 1}, {1: 0}, {}, {1: 700, 2: 550}],
    ids=["a line", "a correction", "below zero", "no line", "nothing", "none", "the invoice"],
)
def test_more_than_is_left_is_refused(wanted: dict[int, int]) -> None:
    with pytest.raises(CreditNoteTooHigh):
        taken_off(LINES, wanted)


def test_what_was_given_up_is_not_credited() -> None:
    assert taken_off(LINES, {1: 300}, written_off_cents=700)
    with pytest.raises(CreditNoteTooHigh, match="créance abandonnée"):
        taken_off(LINES, {1: 301}, written_off_cents=700)


@given(total=st.integers(1, 10**6), paid=st.integers(0, 10**6), data=st.data())
def test_what_is_owed_goes_first_and_what_was_paid_is_credit(
    total: int, paid: int, data: st.DataObject
) -> None:
    balance = data.draw(st.integers(max(0, total - paid), max(total, 1)))
    posted = posting(NOTE, Standing(INVOICE, MARTIN, "EJ", balance, 0), total)
    sums = {entry.account: entry.amount_cents for entry in posted.entries}
    assert sums[Account.REVENUE] == total
    assert -sums.get(Account.RECEIVABLE, 0) == min(total, balance)
    assert -sums.get(Account.FAMILY_CREDIT, 0) == total - min(total, balance)
