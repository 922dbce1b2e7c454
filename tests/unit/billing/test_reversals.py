"""Money taken back: every cent of it, and of no invoice more than was paid of it."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.billing.model.ledger import Account, Part, Posting, moved
from services.billing.model.reversals import (
    Held,
    claim,
    credit_taken,
    owed_instead,
    taken_back,
    undone,
)

FAMILY, PAYMENT = UUID(int=1), UUID(int=2)
cents = st.integers(1, 5000)
some_parts = st.lists(cents, min_size=1, max_size=4)


def invoice(number: int) -> UUID:
    return UUID(int=100 + number)


def payment(amounts: list[int], advance: int = 0) -> Posting:
    """What paid this much of each invoice, and left an advance."""
    parts = [Part(amount, "EJ", invoice(n)) for n, amount in enumerate(amounts)]
    parts += [Part(advance, "EJ")] if advance else []
    return Posting("payment", PAYMENT, moved(Account.CASH, FAMILY, parts))


def holding(paid: list[int]) -> list[Held]:
    return [Held(invoice(n), "EJ", amount) for n, amount in enumerate(paid)]


def by_account(posting: Posting, account: Account) -> int:
    return sum(entry.amount_cents for entry in posting.entries if entry.account is account)


def test_what_became_credit_is_taken_from_the_credit() -> None:
    undoing = undone(payment([1000]), "payment_reversal", holding([550]))
    assert [(s.invoice_id, s.amount_cents) for s in taken_back(undoing)] == [(invoice(0), -550)]
    assert credit_taken(undoing) == 450


@given(some_parts, st.data())
def test_no_invoice_asks_for_more_than_was_paid_of_it(
    amounts: list[int], data: st.DataObject
) -> None:
    paid = [data.draw(st.integers(0, 6000)) for _ in amounts]
    undoing = undone(payment(amounts, advance=300), "payment_reversal", holding(paid))
    again = {share.invoice_id: -share.amount_cents for share in taken_back(undoing)}
    for number, (amount, held) in enumerate(zip(amounts, paid, strict=True)):
        assert again.get(invoice(number), 0) == min(amount, held)
    assert by_account(undoing, Account.CASH) == -sum(amounts) - 300


@given(cents, st.lists(st.integers(0, 3000), min_size=1, max_size=4), st.data())
def test_what_was_spent_of_the_credit_is_owed_again(
    advance: int, paid: list[int], data: st.DataObject
) -> None:
    held = holding(paid)
    undoing = undone(payment([], advance), "direct_debit_return", held)
    missing = data.draw(st.integers(0, advance))
    owed = owed_instead(undoing, FAMILY, missing, held)
    again = {share.invoice_id: -share.amount_cents for share in taken_back(owed)}
    assert sum(again.values()) == min(missing, sum(paid))
    assert credit_taken(owed) == advance - sum(again.values())
    for invoice_held in held:
        assert again.get(invoice_held.invoice_id, 0) <= invoice_held.paid_cents


def test_what_no_invoice_holds_is_claimed_beyond_the_worth_of_one() -> None:
    claimed = claim(PAYMENT, FAMILY, holding([0])[0], 350)
    assert (claimed.kind, claimed.source_id) == ("refund_claim", PAYMENT)
    assert by_account(claimed, Account.RECEIVABLE) == 350
    assert credit_taken(claimed) == -350
