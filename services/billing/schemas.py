"""Request and answer bodies of billing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.billing.model.payments import PaymentStatus
from services.chassis.web import Answer, Body

# The highest quotient and price that can be meant; beyond it a slip of the pen.
MOST_QUOTIENT = 100_000
MOST_CENTS = 100_000
PERIOD = r"^\d{4}-(0[1-9]|1[0-2])$"

InvoiceStatus = Literal["due", "partly_paid", "paid"]


class BandBody(Body):
    """A half-open band of quotients: from included, to excluded, none for no limit."""

    from_quotient: int = Field(ge=0, le=MOST_QUOTIENT)
    to_quotient: int | None = Field(default=None, ge=1, le=MOST_QUOTIENT)
    price_cents: int = Field(ge=0, le=MOST_CENTS)


class TariffBody(Body):
    """What an activity costs from a day on; a late surcharge in cents or in percent."""

    activity_id: UUID
    valid_from: date = Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))
    bands: tuple[BandBody, ...] = Field(min_length=1, max_length=50)
    unreserved_surcharge_cents: int = Field(default=0, ge=0, le=MOST_CENTS)
    late_surcharge_cents: int = Field(default=0, ge=0, le=MOST_CENTS)
    late_surcharge_percent: int = Field(default=0, ge=0, le=500)


class TariffsQuery(Body):
    """Of one activity, or of all."""

    activity_id: UUID | None = None


class BandAnswer(Answer):
    """A band as published."""

    from_quotient: int
    to_quotient: int | None
    price_cents: int


class TariffAnswer(Answer):
    """A tariff in force from a day on."""

    tariff_id: UUID
    activity_id: UUID
    activity_name: str
    valid_from: date
    bands: Sequence[BandAnswer]
    unreserved_surcharge_cents: int
    late_surcharge_cents: int
    late_surcharge_percent: int


class TariffsAnswer(Answer):
    """Tariffs, by activity and first day."""

    tariffs: Sequence[TariffAnswer]


class SurchargeAnswer(Answer):
    """What a reservation kept after the limit costs more, in cents or in percent."""

    activity_id: UUID
    late_surcharge_cents: int
    late_surcharge_percent: int


class SurchargesAnswer(Answer):
    """The late surcharges in force today, of the activities that have one."""

    surcharges: Sequence[SurchargeAnswer]


class RunBody(Body):
    """The month to invoice."""

    month: str = Field(pattern=PERIOD)


class SkippedAnswer(Answer):
    """A family whose charges wait, and why."""

    family_id: UUID
    reference: str
    label: str
    reason: str


class RunAnswer(Answer):
    """A month's run. `issued`: invoices made by its last pass; `invoices`: all of the month."""

    run_id: UUID
    month: str
    status: Literal["running", "done"]
    requested_at: datetime
    finished_at: datetime | None
    families: int
    invoices: int
    issued: int
    total_cents: int
    skipped: Sequence[SkippedAnswer]
    warnings: Sequence[str]


class RunsAnswer(Answer):
    """The runs, newest month first."""

    billing_runs: Sequence[RunAnswer]


class InvoicesQuery(Body):
    """Which invoices. archived: the paid ones (true), those still to be paid (false), or both."""

    archived: bool | None = None
    family_id: UUID | None = None
    period: str | None = Field(default=None, pattern=PERIOD)
    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=100, ge=1, le=500)


class InvoiceAnswer(Answer):
    """An invoice and what is still to be paid of it; debited_on: it is with the bank until then."""

    invoice_id: UUID
    number: str
    family_id: UUID
    family_reference: str
    family_label: str
    period: str
    issued_on: date
    due_on: date
    total_cents: int
    paid_cents: int
    balance_cents: int
    status: InvoiceStatus
    debited_on: date | None


class InvoicesAnswer(Answer):
    """Invoices, newest first."""

    invoices: Sequence[InvoiceAnswer]
    total: int
    page: int
    size: int


class LineAnswer(Answer):
    """What costs the same for the same reason, with its days."""

    child_id: UUID
    child_name: str
    activity_name: str
    period: str
    quantity: int
    unit_cents: int
    amount_cents: int
    reason: str
    dates: Sequence[date]


class InvoiceDetailAnswer(InvoiceAnswer):
    """An invoice with its lines."""

    lines: Sequence[LineAnswer]


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
    """What the next invoice will hold as things stand, by day."""

    charges: Sequence[ChargeAnswer]
    total_cents: int


class PaymentBody(Body):
    """Which invoices to pay together."""

    invoice_ids: tuple[UUID, ...] = Field(min_length=1, max_length=24)


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
    """A payment and where it stands."""

    payment_id: UUID
    family_id: UUID
    status: PaymentStatus
    amount_cents: int
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
