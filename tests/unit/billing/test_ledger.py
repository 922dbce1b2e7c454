"""The books: a posting adds up to zero, and is undone by its reversal."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.model.ledger import Account, Entry, Part, Posting, moved
from tests.unit.billing.builders import MARTIN

FACT, INVOICE = UUID(int=1), UUID(int=2)


def entry(account: Account, amount_cents: int) -> Entry:
    return Entry(account, amount_cents, MARTIN, INVOICE, "EJ")


def test_an_invoice_is_owed_by_the_family_and_earned_by_the_register() -> None:
    entries = (entry(Account.RECEIVABLE, 350), entry(Account.REVENUE, -350))
    assert Posting("invoice", FACT, entries).entries == entries


@pytest.mark.parametrize("amounts", [(), (350,), (350, -349), (0, 0)])
def test_what_does_not_balance_or_moves_nothing_is_no_posting(amounts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="posting"):
        Posting("invoice", FACT, tuple(entry(Account.RECEIVABLE, cents) for cents in amounts))


def test_money_beyond_the_invoices_is_the_familys_credit() -> None:
    entries = moved(Account.CASH, MARTIN, [Part(350, "EJ", INVOICE), Part(50, "EJ")])
    assert [(e.account, e.amount_cents, e.invoice_id) for e in entries] == [
        (Account.CASH, 350, None),
        (Account.RECEIVABLE, -350, INVOICE),
        (Account.CASH, 50, None),
        (Account.FAMILY_CREDIT, -50, None),
    ]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_a_reversal_undoes_a_posting_to_the_cent(amounts: list[int]) -> None:
    parts = [Part(cents, "EJ", INVOICE if cents % 2 else None) for cents in amounts]
    posting = Posting("payment", FACT, moved(Account.CHEQUE, MARTIN, parts))
    undone = posting.reversal("reversal", FACT)
    pairs = zip(posting.entries, undone.entries, strict=True)
    assert all(did.amount_cents + undid.amount_cents == 0 for did, undid in pairs)
    assert undone.reversal("payment", FACT) == posting
