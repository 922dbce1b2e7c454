"""Request and answer bodies of billing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.billing.model.payments import LEAST_CENTS, Method, PaymentStatus
from services.billing.model.payments import MOST_CENTS as MOST_ONLINE
from services.billing.model.units import Basis
from services.chassis.web import Answer, Body

PERIOD = r"^\d{4}-(0[1-9]|1[0-2])$"

InvoiceStatus = Literal["due", "partly_paid", "paid", "written_off"]


class InvoicesQuery(Body):
    """Which invoices. archived: the paid ones (true), those still to be paid (false), or both."""

    archived: bool | None = None
    family_id: UUID | None = None
    period: str | None = Field(default=None, pattern=PERIOD)
    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=100, ge=1, le=500)


class InvoiceAnswer(Answer):
    """An invoice and what is still to be paid of it.

    `credited_cents`: by credit notes; `claimed_cents`: asked for beyond its lines, what was
    refunded of money that the bank took back since; `written_off_cents`: given up by the town, paid
    by nobody; `debited_on`: it is with the bank until then; `transmitted`: the accountant collects
    it.
    """

    invoice_id: UUID
    number: str
    family_id: UUID
    family_reference: str
    family_label: str
    period: str
    issued_on: date
    due_on: date
    total_cents: int
    credited_cents: int
    claimed_cents: int
    written_off_cents: int
    paid_cents: int
    balance_cents: int
    status: InvoiceStatus
    debited_on: date | None
    transmitted: bool


class InvoicesAnswer(Answer):
    """Invoices, newest first."""

    invoices: Sequence[InvoiceAnswer]
    total: int
    page: int
    size: int


class LineAnswer(Answer):
    """What costs the same for the same reason, with its days.

    `left_cents`: what credit notes have left of it.
    """

    position: int
    child_id: UUID
    child_name: str
    activity_name: str
    period: str
    basis: Basis
    quantity: int
    unit_cents: int
    amount_cents: int
    left_cents: int
    reason: str
    dates: Sequence[date]


class CreditNoteAnswer(Answer):
    """A correction of an invoice; `credited_cents`: what went to the family's credit."""

    credit_note_id: UUID
    number: str
    reason: str
    total_cents: int
    credited_cents: int
    issued_on: date


class InvoiceDetailAnswer(InvoiceAnswer):
    """An invoice with its lines, and what corrected it."""

    lines: Sequence[LineAnswer]
    credit_notes: Sequence[CreditNoteAnswer]


class ShownInvoiceAnswer(InvoiceDetailAnswer):
    """`takes_parts`: whether the town's contract lets it be paid online in parts."""

    takes_parts: bool


class ChargesQuery(Body):
    """Of one family, or of one month."""

    family_id: UUID | None = None
    period: str | None = Field(default=None, pattern=PERIOD)


class ChargeAnswer(Answer):
    """A charge that no invoice holds yet; without an amount its tariff is missing."""

    family_id: UUID
    child_id: UUID
    child_name: str
    activity_id: UUID
    activity_name: str
    session_id: UUID
    date: date
    basis: str
    amount_cents: int | None
    reason: str


class ChargesAnswer(Answer):
    """What the next invoice will hold as things stand, by day.

    `whole_cents`: what it comes to before others pay their parts (`basis` share), for one family.
    """

    charges: Sequence[ChargeAnswer]
    total_cents: int
    whole_cents: int


class PaymentBody(Body):
    """Which invoices to pay together; `amount_cents`: only so much of a single one."""

    invoice_ids: tuple[UUID, ...] = Field(min_length=1, max_length=24)
    amount_cents: int | None = Field(default=None, ge=LEAST_CENTS, le=MOST_ONLINE)


class PaymentOpened(Answer):
    """Where to go to pay."""

    payment_id: UUID
    redirect_url: str
    amount_cents: int


class PaidInvoice(Answer):
    """An invoice that a payment is for."""

    invoice_id: UUID
    number: str
    period: str
    amount_cents: int


class PaymentAnswer(Answer):
    """A payment and where it stands; `credit_cents`: what no invoice took of it.

    One that was undone at the till stays, with the day, the reason and what its invoices ask for
    again; the rest was taken from the family's credit.
    """

    payment_id: UUID
    family_id: UUID
    status: PaymentStatus
    method: Method
    amount_cents: int
    credit_cents: int
    reversed_at: datetime | None
    reversal_reason: str | None
    owed_again_cents: int | None
    reference: str
    started_at: datetime
    received_at: datetime | None
    invoices: Sequence[PaidInvoice]


class PaymentsAnswer(Answer):
    """Payments, newest first."""

    payments: Sequence[PaymentAnswer]


class PaymentsQuery(Body):
    """Of one family, or (staff) of all."""

    family_id: UUID | None = None
    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=100, ge=1, le=500)


class NotificationBody(Body):
    """All that the provider tells, and all of it that is used: which operation to ask about."""

    idop: str = Field(min_length=1, max_length=100)


class NotificationAnswer(Answer):
    """The same whatever came: the caller may be anyone."""

    received: bool = True
