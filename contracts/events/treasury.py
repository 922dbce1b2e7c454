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
