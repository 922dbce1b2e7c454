"""What billing tells: tariffs, invoices, payments."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event


class TariffPublished(Event, producer="billing", key="activity_id"):
    """An activity has a price list from this day on."""

    tariff_id: UUID
    activity_id: UUID
    valid_from: date


class InvoiceIssued(Event, producer="billing"):
    """A family's invoice of a month is final; the amount will not change."""

    invoice_id: UUID
    family_id: UUID
    number: str
    period: str
    total_cents: int
    due_on: date


class BillingRunCompleted(Event, producer="billing", key="run_id"):
    """Every invoice of the month that could be made is made."""

    run_id: UUID
    period: str
    invoices: int
    total_cents: int


class PaymentReceived(Event, producer="billing"):
    """Money of a family has come in and is credited to these invoices."""

    payment_id: UUID
    family_id: UUID
    amount_cents: int
    method: Literal["card"]
    invoice_ids: tuple[UUID, ...]
    received_at: datetime
