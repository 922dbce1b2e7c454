"""What billing tells of direct debits, reminders and debts given up."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event, Fact


class DirectDebitMandateSigned(Event, producer="billing"):
    """A family lets the town collect its invoices from a bank account; rum: the mandate's name.

    one_off: it collects one single invoice.
    """

    mandate_id: UUID
    family_id: UUID
    rum: str
    signed_on: date
    one_off: bool = False


class DirectDebitMandateEnds(Event, producer="billing"):
    """A mandate collects until this day, and no more after it; told anew when the day changes.

    `decided_at`: when it was said, which tells one change from another to the same day.
    """

    mandate_id: UUID
    family_id: UUID
    rum: str
    ends_on: date
    decided_at: datetime | None = None


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


class DirectDebitCollected(Event, producer="billing"):
    """An invoice was collected from the family's account; the bank may send it back for weeks."""

    debit_id: UUID
    family_id: UUID
    invoice_id: UUID
    amount_cents: int
    collected_on: date


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


class OverdueInvoice(Fact):
    """What of an invoice is still to be paid."""

    invoice_id: UUID
    invoice_number: str
    due_on: date
    amount_cents: int


class PaymentReminderDue(Event, producer="billing", private=True):
    """A family that has not paid is to be reminded, in the town's words; step 1 to 3.

    Private: what a family owes is its own affair.
    """

    reminder_id: UUID
    family_id: UUID
    step: int
    subject: str
    text: str
    invoices: tuple[OverdueInvoice, ...]
    amount_cents: int


class DebtWrittenOff(Event, producer="billing"):
    """The town gives up what an invoice still asked for."""

    write_off_id: UUID
    family_id: UUID
    invoice_id: UUID
    amount_cents: int


class WriteOffReversed(Event, producer="billing"):
    """A debt that was given up is asked for after all."""

    write_off_id: UUID
    family_id: UUID
    invoice_id: UUID
    amount_cents: int
