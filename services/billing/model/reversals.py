"""Money that had come in is taken back: by a posting that undoes the first, never by an edit.

An invoice asks again for no more than was paid of it. Where a credit note has made what it held
the family's credit since, the money is taken from there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from services.billing.model.ledger import Account, Entry, Part, Posting, moved
from services.billing.model.payments import Share
from services.billing.model.till import ADVANCE_REGISTER

# What a family was refunded of money that never came.
CLAIM: Final = "refund_claim"


@dataclass(frozen=True, slots=True)
class Held:
    """What is paid of an invoice, by whatever means."""

    invoice_id: UUID
    register: str
    paid_cents: int


def undone(posted: Posting, kind: str, held: Sequence[Held]) -> Posting:
    """The posting reversed, as a fact of this kind; `held`: its invoices as they stand."""
    paid = {invoice.invoice_id: invoice.paid_cents for invoice in held}
    reversal = posted.reversal(kind, posted.source_id)
    return replace(reversal, entries=tuple(_bounded(reversal.entries, paid)))


def _bounded(entries: Sequence[Entry], paid: Mapping[UUID, int]) -> Iterator[Entry]:
    for entry in entries:
        if entry.account is not Account.RECEIVABLE or entry.invoice_id is None:
            yield entry
            continue
        again = min(entry.amount_cents, paid[entry.invoice_id])
        if again > 0:
            yield replace(entry, amount_cents=again)
        if rest := entry.amount_cents - max(again, 0):
            yield Entry(Account.FAMILY_CREDIT, rest, entry.family_id, None, entry.register)


def credit_taken(posting: Posting) -> int:
    """What a posting takes off the family's credit."""
    entries = posting.entries
    return sum(e.amount_cents for e in entries if e.account is Account.FAMILY_CREDIT)


def owed_instead(
    posting: Posting, family_id: UUID, missing_cents: int, held: Sequence[Held]
) -> Posting:
    """The reversal, but this much is owed again of these invoices: it was spent of the credit.

    In their order, each up to what is paid of it beside what the reversal takes back already. What
    no invoice holds is still taken off the credit, which is short of it: see `claim`.
    """
    again = {share.invoice_id: -share.amount_cents for share in taken_back(posting)}
    entries, left = list(posting.entries), missing_cents
    for invoice in held:
        room = max(invoice.paid_cents - again.get(invoice.invoice_id, 0), 0)
        if part := min(room, left):
            entries += _owed(family_id, invoice, part)
            left -= part
    return replace(posting, entries=tuple(entries))


def come_back(
    posted: Posting, kind: str, family_id: UUID, held: Sequence[Held], credit_cents: int
) -> tuple[Posting, Posting | None]:
    """Money that the bank took back: its reversal, and the claim of what was refunded of it.

    `held`: all invoices of the family, those that the money was for last; `credit_cents`: what the
    family has to its credit. What was spent of the credit that the money left is owed again.
    Without any invoice the reversal may take more than there is, and nothing is claimed.
    """
    reversal = undone(posted, kind, held)
    missing = max(credit_taken(reversal) - credit_cents, 0)
    reversal = owed_instead(reversal, family_id, missing, held)
    short = max(credit_taken(reversal) - credit_cents, 0)
    if not short or not held:
        return reversal, None
    return reversal, claim(posted.source_id, family_id, held[-1], short)


def claim(source_id: UUID, family_id: UUID, invoice: Held, amount_cents: int) -> Posting:
    """The family owes what it was refunded of a debit or cheque that the bank took back since.

    No invoice holds money that it could be taken from: this one, which the money was for, asks for
    it beyond its own worth, once for each debit or cheque.
    """
    return Posting(CLAIM, source_id, _owed(family_id, invoice, amount_cents))


@dataclass(frozen=True, slots=True)
class Refund:
    """What a family was paid back."""

    refund_id: UUID
    family_id: UUID
    amount_cents: int


def refund_undone(refund: Refund, claims: Sequence[Part]) -> Posting:
    """The money never left, or came back: it settles these claims, and is credit beyond them."""
    parts, left = [], refund.amount_cents
    for claimed in claims:
        if settled := min(claimed.amount_cents, left):
            parts.append(replace(claimed, amount_cents=settled))
            left -= settled
    if left:
        parts.append(Part(left, ADVANCE_REGISTER))
    entries = moved(Account.REFUND, refund.family_id, parts)
    return Posting("refund_reversal", refund.refund_id, entries)


def _owed(family_id: UUID, invoice: Held, cents: int) -> tuple[Entry, Entry]:
    return (
        Entry(Account.FAMILY_CREDIT, -cents, family_id, None, invoice.register),
        Entry(Account.RECEIVABLE, cents, family_id, invoice.invoice_id, invoice.register),
    )


def taken_back(posting: Posting) -> tuple[Share, ...]:
    """What a reversal takes back of what was paid of each invoice: below zero."""
    amounts: dict[UUID, int] = {}
    for entry in posting.entries:
        if entry.account is Account.RECEIVABLE and entry.invoice_id:
            known = amounts.get(entry.invoice_id, 0)
            amounts[entry.invoice_id] = known - entry.amount_cents
    return tuple(Share(invoice_id, cents) for invoice_id, cents in amounts.items())
