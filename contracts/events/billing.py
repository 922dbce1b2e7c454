"""What billing tells: tariffs, invoices, payments."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event, Fact


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


class PaidPortion(Fact):
    """What a payment paid of one child's use of one activity in one month.

    Below zero for what an invoice gave back.
    """

    invoice_id: UUID
    invoice_number: str
    child_id: UUID
    activity_id: UUID
    period: str
    amount_cents: int


class ChargesPaid(Event, producer="billing", private=True):
    """What a payment paid, by child, activity and month; the portions add up to what it credited.

    Private: with the activities' names it tells how a child spends its days.
    """

    payment_id: UUID
    family_id: UUID
    method: Literal["card"]
    received_at: datetime
    portions: tuple[PaidPortion, ...]
