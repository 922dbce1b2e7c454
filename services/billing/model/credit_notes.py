"""Credit notes: how an issued invoice is corrected, which is itself never edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.billing.errors.till import CreditNoteTooHigh
from services.billing.model.ledger import Account, Entry, Posting
from services.billing.model.wording import euros
from services.chassis.errors import FieldError


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A credit note as it is issued."""

    credit_note_id: UUID
    invoice_id: UUID
    register: str
    number: str
    reason: str
    total_cents: int
    credited_cents: int
    issued_on: date


@dataclass(frozen=True, slots=True)
class Remaining:
    """What credit notes have left of an invoice's line; below zero for what it gave back."""

    position: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Credited:
    """What a credit note takes off a line."""

    position: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice when it is corrected: what it still asks for, what of it was written off."""

    invoice_id: UUID
    family_id: UUID
    register: str
    balance_cents: int
    written_off_cents: int


def taken_off(
    lines: Sequence[Remaining], wanted: Mapping[int, int] | None, *, written_off_cents: int = 0
) -> tuple[Credited, ...]:
    """What is taken off which lines: these amounts by position, or all that is left.

    Raises CreditNoteTooHigh for more than a line still holds, for nothing at all, and for what
    the town has given up: that decision is taken back first.
    """
    if wanted is None:
        taken = [Credited(line.position, line.amount_cents) for line in lines if line.amount_cents]
    else:
        taken = [Credited(position, amount) for position, amount in sorted(wanted.items())]
        _check_lines(lines, wanted)
    total = sum(line.amount_cents for line in taken)
    left = sum(line.amount_cents for line in lines)
    if total <= 0:
        raise CreditNoteTooHigh("Il ne reste rien à déduire de cette facture.")
    if total > left:
        raise CreditNoteTooHigh(f"Il reste {euros(left)} à déduire de cette facture.")
    if total > left - written_off_cents:
        raise CreditNoteTooHigh(
            f"{euros(written_off_cents)} de cette facture sont une créance abandonnée\u00a0: "
            "revenez d’abord sur cet abandon."
        )
    return tuple(taken)


def _check_lines(lines: Sequence[Remaining], wanted: Mapping[int, int]) -> None:
    left = {line.position: line.amount_cents for line in lines}
    for position, amount in wanted.items():
        most = max(left.get(position, 0), 0)
        if not 0 < amount <= most:
            message = f"Ligne {position}\u00a0: au plus {euros(most)}."
            raise CreditNoteTooHigh(message, errors=[FieldError("lines", message)])


def posting(credit_note_id: UUID, invoice: Standing, total_cents: int) -> Posting:
    """The register earns less; the family owes less, or has to its credit what it paid."""
    owed = min(total_cents, invoice.balance_cents)
    parts = (
        (Account.REVENUE, total_cents, None),
        (Account.RECEIVABLE, -owed, invoice.invoice_id),
        (Account.FAMILY_CREDIT, owed - total_cents, None),
    )
    entries = tuple(
        Entry(account, amount, invoice.family_id, invoice_id, invoice.register)
        for account, amount, invoice_id in parts
        if amount
    )
    return Posting("credit_note", credit_note_id, entries)
