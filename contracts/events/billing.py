"""What billing tells: tariffs, invoices, payments."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event, Fact

# How money comes in: online, by direct debit, or at the till (CESU: prepaid vouchers for services).
PaymentMethod = Literal["card", "direct_debit", "cash", "cheque", "cesu"]


class TariffPublished(Event, producer="billing", key="activity_id"):
    """An activity has a price list from this day on."""

    tariff_id: UUID
    activity_id: UUID
    valid_from: date


class InvoiceIssued(Event, producer="billing"):
    """A payer's invoice of a month is final; the amount will not change.

    `family_id`: whose account it is, a family's or a third party's (`ThirdPartyUpdated`).
    """

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


class PaymentReceivedV2(Event, producer="billing", version=2):
    """Money of a family has come in, by whatever way; what `invoice_ids` leave is its credit.

    Version 1 is told beside it of money that came by card.
    """

    payment_id: UUID
    family_id: UUID
    amount_cents: int
    method: PaymentMethod
    invoice_ids: tuple[UUID, ...]
    received_at: datetime


class PaymentReversed(Event, producer="billing"):
    """A payment recorded at the till is undone, whole.

    `owed_again_cents` of it are asked for again, of `invoice_ids`; the rest is taken from the
    family's credit. Absent: told before that was known.
    """

    payment_id: UUID
    family_id: UUID
    amount_cents: int
    method: PaymentMethod
    invoice_ids: tuple[UUID, ...]
    reversed_at: datetime
    owed_again_cents: int | None = None


class PaymentRefunded(Event, producer="billing"):
    """A family was paid back of what it had to its credit."""

    refund_id: UUID
    family_id: UUID
    amount_cents: int
    refunded_at: datetime


class RefundReversed(Event, producer="billing"):
    """A refund is undone, whole: the bank sent it back, or it was recorded by mistake.

    The money is the family's credit again, less what it owed of refunds.
    """

    refund_id: UUID
    family_id: UUID
    amount_cents: int
    reversed_at: datetime


class CreditNoteIssued(Event, producer="billing"):
    """An invoice is corrected: the family owes this much less of it.

    Of what was paid already, `credited_cents` are now the family's credit.
    """

    credit_note_id: UUID
    invoice_id: UUID
    family_id: UUID
    number: str
    total_cents: int
    credited_cents: int
    issued_on: date


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


class ChargesPaidV2(Event, producer="billing", private=True, version=2):
    """The same of money that came by any way, or was to the family's credit.

    Portions below zero take back what was told: the payment was reversed, or the invoice
    corrected; `payment_id` is then the reversal's or the credit note's. Version 1 is told beside
    it of money that came by card, under the same `payment_id`.
    """

    payment_id: UUID
    family_id: UUID
    method: Literal["card", "direct_debit", "cash", "cheque", "cesu", "credit"]
    received_at: datetime
    portions: tuple[PaidPortion, ...]


class ThirdPartyErased(Event, producer="billing", key="payer_id"):
    """A payer who is no family is erased, as `FamilyErased` tells of a family."""

    payer_id: UUID
    erased_at: datetime


class ThirdPartyUpdated(Event, producer="billing", key="payer_id", private=True):
    """Who pays for children without being their family; the highest version holds.

    Invoices name it as their `family_id`; nobody signs in for it. Private: names and addresses.
    """

    payer_id: UUID
    version: int
    name: str
    lines: tuple[str, ...]
    postcode: str
    city: str
    mail: str | None
