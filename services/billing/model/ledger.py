"""The books in double entry: every cent has a source and a destination."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class Account(StrEnum):
    """Where money is, or why it is owed."""

    RECEIVABLE = "receivable"  # what a family owes of an invoice
    REVENUE = "revenue"  # what a register has invoiced
    FAMILY_CREDIT = "family_credit"  # what the town owes a family
    CARD = "card"
    DIRECT_DEBIT = "direct_debit"
    CASH = "cash"
    CHEQUE = "cheque"
    CESU = "cesu"
    BANK = "bank"
    WRITE_OFF = "write_off"
    AID = "aid"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting: debit above zero, credit below."""

    account: Account
    amount_cents: int
    family_id: UUID | None
    invoice_id: UUID | None
    register: str


@dataclass(frozen=True, slots=True)
class Posting:
    """What one business fact does to the books. Raises ValueError unless it adds up to zero.

    `kind` and `source_id` name the fact: each is posted once.
    """

    kind: str
    source_id: UUID
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        if not self.entries or any(entry.amount_cents == 0 for entry in self.entries):
            raise ValueError("a posting moves money")
        if sum(entry.amount_cents for entry in self.entries):
            raise ValueError("the entries of a posting do not add up to zero")

    def reversal(self, kind: str, source_id: UUID) -> "Posting":
        """The posting that undoes this one, as a fact of its own."""
        undone = tuple(replace(entry, amount_cents=-entry.amount_cents) for entry in self.entries)
        return Posting(kind, source_id, undone)


@dataclass(frozen=True, slots=True)
class Part:
    """An amount that goes to one invoice, or to the family's credit when it names none."""

    amount_cents: int
    register: str
    invoice_id: UUID | None = None


def moved(source: Account, family_id: UUID, parts: Sequence[Part]) -> tuple[Entry, ...]:
    """Money from one account to invoices and to the family's credit: a pair of entries a part.

    Pairs keep each register's share of the source apart, whatever the invoices are of.
    """
    entries: list[Entry] = []
    for part in parts:
        target = Account.RECEIVABLE if part.invoice_id else Account.FAMILY_CREDIT
        entries += (
            Entry(source, part.amount_cents, family_id, None, part.register),
            Entry(target, -part.amount_cents, family_id, part.invoice_id, part.register),
        )
    return tuple(entries)
