"""What billing tells of direct debits, reminders and debts given up."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.envelope import Event


class DirectDebitMandateSigned(Event, producer="billing"):
    """A family lets the town collect its invoices from a bank account; rum: the mandate's name."""

    mandate_id: UUID
    family_id: UUID
    rum: str
    signed_on: date


class DirectDebitMandateRevoked(Event, producer="billing"):
    """A mandate collects no more: who ended it, or `bank` when a collection came back."""

    mandate_id: UUID
    family_id: UUID
    rum: str
    cause: Literal["family", "office", "bank", "replaced"]


class DirectDebitAnnounced(Event, producer="billing"):
    """An invoice will be collected from the family's account on this day."""

    debit_id: UUID
    family_id: UUID
    invoice_id: UUID
    invoice_number: str
    amount_cents: int
    collected_on: date
    rum: str


class DirectDebitReturned(Event, producer="billing", private=True):
    """The bank sent a debit back: the invoice is to be paid again.

    Private: the reason says how the account stands; empty, with its code, where it is not told.
    """

    debit_id: UUID
    family_id: UUID
    invoice_id: UUID
    invoice_number: str
    amount_cents: int
    code: str
    reason: str
