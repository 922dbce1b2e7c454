"""Money handed over: described as its kind asks, and shared out over invoices to the cent."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.errors.till import BadTakings
from services.billing.model.payments import Method
from services.billing.model.till import Cheque, Takings, allocated
from tests.unit.billing.builders import MARTIN

CHEQUE = Cheque("0001234", "La Banque", "Anne Martin")


def takings(method: Method, **changes: Any) -> Takings:
    return Takings(MARTIN, method, 350, **changes)


@pytest.mark.parametrize(
    "taken",
    [
        takings(Method.CASH),
        takings(Method.CHEQUE, cheque=CHEQUE),
        takings(Method.CESU, cesu_number="17"),
    ],
    ids=lambda taken: str(taken.method),
)
def test_each_kind_is_described_in_its_own_way(taken: Takings) -> None:
    taken.check()


@pytest.mark.parametrize(
    "taken",
    [
        takings(Method.CARD),
        takings(Method.DIRECT_DEBIT),
        takings(Method.CHEQUE),
        takings(Method.CASH, cheque=CHEQUE),
        takings(Method.CHEQUE, cheque=Cheque("123456", "La Banque", "Martin")),
        takings(Method.CHEQUE, cheque=Cheque("١٢٣٤٥٦٧", "La Banque", "Martin")),
        takings(Method.CESU),
        takings(Method.CASH, cesu_number="17"),
    ],
)
def test_what_is_described_as_something_else_is_refused(taken: Takings) -> None:
    with pytest.raises(BadTakings):
        taken.check()


@given(st.lists(st.integers(0, 10_000), max_size=6), st.integers(1, 30_000))
def test_invoices_are_paid_in_their_order_and_never_beyond(balances: list[int], cents: int) -> None:
    numbered = [(UUID(int=n), balance) for n, balance in enumerate(balances)]
    shares = allocated(numbered, cents)
    owed = dict(numbered)
    assert all(0 < share.amount_cents <= owed[share.invoice_id] for share in shares)
    assert sum(share.amount_cents for share in shares) == min(cents, sum(balances))
    partly = [s for s in shares if s.amount_cents < owed[s.invoice_id]]
    assert partly in ([], [shares[-1]] if shares else [])
