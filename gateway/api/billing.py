"""Invoices and online payment; for the till billing runs."""

from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import DESK, GUARDIAN, STAFF, TILL
from gateway.api.edge import Month, clients, filed, forward
from gateway.clients.area import TRANSFER
from gateway.readers import (
    BillingPreview,
    BillingRun,
    BillingRuns,
    Charges,
    Invoice,
    Invoices,
    Payment,
    Payments,
    PaymentStart,
    Registers,
    Surcharges,
)
from gateway.readers.statistics import Statistics
from services.chassis.endpoints import Body, Call, get

PDF = "application/pdf"
READERS = STAFF | {GUARDIAN}


class PageQuery(Body):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 100


class InvoicesQuery(PageQuery):
    archived: bool | None = None


class StaffInvoicesQuery(InvoicesQuery):
    family_id: UUID | None = None
    period: Month | None = None


class ChargesQuery(Body):
    period: Month | None = None


class MonthQuery(Body):
    month: Month


class StaffChargesQuery(ChargesQuery):
    family_id: UUID | None = None


class PaymentsQuery(PageQuery):
    family_id: UUID | None = None


class PaymentBody(Body):
    """Invoices to pay together; `amount_cents` only with one of them, to pay a part of it."""

    invoice_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    amount_cents: Annotated[int, Field(ge=100, le=10_000_000)] | None = None


class StatisticsQuery(Body):
    """From one month to another, both counted."""

    first: Month
    last: Month


class RegisterBody(Body):
    """Less than `least_cents` waits for a later month; without it as the town's setting says.

    `new`: a code that is known is refused instead of changed.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}$")]
    label: Annotated[str, Field(min_length=1, max_length=100)]
    kinds: Annotated[tuple[str, ...], Field(max_length=50)]
    least_cents: Annotated[int, Field(ge=0, le=100_000)] | None = None
    new: bool = False


class BillingRunBody(Body):
    """`not_over_confirmed`: although the month's reservations may still change."""

    month: Month
    not_over_confirmed: bool = False


async def read_invoice_pdf(call: Call, invoice_id: UUID) -> web.StreamResponse:
    """An invoice as PDF."""
    return await clients(call).billing.invoice_pdf(invoice_id).send(call.request)


async def read_receipt_pdf(call: Call, payment_id: UUID) -> web.StreamResponse:
    """A payment's receipt as PDF."""
    return await clients(call).billing.receipt_pdf(payment_id).send(call.request)


ENDPOINTS = (
    forward(
        "GET",
        "/invoices",
        "list_invoices",
        to="billing",
        allow={GUARDIAN},
        query=InvoicesQuery,
        answer=Invoices,
        summary="The family's invoices, current or archived.",
    ),
    filed(get("/invoices/{invoice_id}.pdf", read_invoice_pdf, allow=READERS), kind=PDF),
    forward(
        "GET",
        "/invoices/{invoice_id}",
        "read_invoice",
        to="billing",
        allow=READERS,
        answer=Invoice,
        summary="An invoice with its lines.",
    ),
    forward(
        "GET",
        "/charges",
        "list_charges",
        to="billing",
        allow={GUARDIAN},
        query=ChargesQuery,
        answer=Charges,
        summary="What the family's next invoice will hold as things stand.",
    ),
    forward(
        "POST",
        "/payments",
        "start_payment",
        to="billing",
        allow={GUARDIAN},
        body=PaymentBody,
        answer=PaymentStart,
        status=201,
        summary="Start paying invoices online; the payer goes on at `redirect_url`.",
    ),
    forward(
        "GET",
        "/payments",
        "list_payments",
        to="billing",
        allow={GUARDIAN},
        query=PageQuery,
        answer=Payments,
        summary="The family's payments.",
    ),
    forward(
        "GET",
        "/payments/{payment_id}",
        "read_payment",
        to="billing",
        allow=READERS,
        answer=Payment,
        summary="A payment as it stands now.",
    ),
    filed(get("/payments/{payment_id}/receipt.pdf", read_receipt_pdf, allow=READERS), kind=PDF),
    forward(
        "GET",
        "/surcharges",
        "list_late_surcharges",
        to="billing",
        allow=READERS,
        answer=Surcharges,
        summary="What reserving after the limit costs more, where an activity allows it.",
    ),
    forward(
        "GET",
        "/staff/billing-runs",
        "list_billing_runs",
        to="billing",
        at="/billing-runs",
        allow=TILL,
        answer=BillingRuns,
        summary="The billing runs, newest first.",
    ),
    forward(
        "GET",
        "/staff/billing-runs/preview",
        "preview_billing_run",
        to="billing",
        at="/billing-runs/preview",
        allow=TILL,
        query=MonthQuery,
        answer=BillingPreview,
        deadline=TRANSFER,
        summary="What invoicing a month would issue now, and what to look at first.",
    ),
    forward(
        "POST",
        "/staff/billing-runs",
        "start_billing_run",
        to="billing",
        at="/billing-runs",
        allow=TILL,
        body=BillingRunBody,
        answer=BillingRun,
        deadline=TRANSFER,
        summary="Invoice a month; doing it again changes nothing.",
    ),
    forward(
        "GET",
        "/staff/billing-runs/{run_id}",
        "read_billing_run",
        to="billing",
        at="/billing-runs/{run_id}",
        allow=TILL,
        answer=BillingRun,
        summary="A billing run and how far it is.",
    ),
    forward(
        "GET",
        "/staff/registers",
        "list_registers",
        to="billing",
        at="/registers",
        allow=DESK,
        answer=Registers,
        summary="The registers, and the kinds of activities that each bills.",
    ),
    forward(
        "POST",
        "/staff/registers",
        "save_register",
        to="billing",
        at="/registers",
        allow=TILL,
        body=RegisterBody,
        answer=Registers,
        summary="Have a register bill some kinds of activities, from the next invoices on.",
    ),
    forward(
        "GET",
        "/staff/statistics",
        "read_statistics",
        to="billing",
        at="/statistics",
        allow=TILL,
        query=StatisticsQuery,
        answer=Statistics,
        summary="What was invoiced, by month and activity.",
    ),
    forward(
        "GET",
        "/staff/invoices",
        "list_all_invoices",
        to="billing",
        at="/invoices",
        allow=STAFF,
        query=StaffInvoicesQuery,
        answer=Invoices,
        summary="Every family's invoices.",
    ),
    forward(
        "GET",
        "/staff/charges",
        "list_all_charges",
        to="billing",
        at="/charges",
        allow=STAFF,
        query=StaffChargesQuery,
        answer=Charges,
        summary="What a family's next invoice, or a month's invoices, will hold.",
    ),
    forward(
        "GET",
        "/staff/payments",
        "list_all_payments",
        to="billing",
        at="/payments",
        allow=STAFF,
        query=PaymentsQuery,
        answer=Payments,
        summary="Every family's payments.",
    ),
)
