"""Billing over HTTP."""

from uuid import UUID

from aiohttp import web

from contracts.roles import EVERYONE, GUARDIAN, OFFICE, TILL
from services.billing import queries
from services.billing.commands.settle_payment import DESK, settle_notified, settle_payment
from services.billing.commands.start_payment import start_payment
from services.billing.errors import NoReceipt
from services.billing.model.months import Month
from services.billing.model.payments import PaymentStatus
from services.billing.papers.invoices import Bill
from services.billing.papers.kept import draw_paper, find_paper, keep_paper
from services.billing.papers.receipts import receipt_data
from services.billing.papers.sending import SENDER, pdf_response, send_paper
from services.billing.queries import Page
from services.billing.queries import charge as charge_queries
from services.billing.queries import papers as papers_queries
from services.billing.routes import credit_note as credit_note_routes
from services.billing.routes import debit as debit_routes
from services.billing.routes import estimate as estimate_routes
from services.billing.routes import formula as formula_routes
from services.billing.routes import mandate as mandate_routes
from services.billing.routes import organisation as organisation_routes
from services.billing.routes import payers as payers_routes
from services.billing.routes import print as print_routes
from services.billing.routes import recovery as recovery_routes
from services.billing.routes import run as run_routes
from services.billing.routes import statement as statement_routes
from services.billing.routes import statistics as statistics_routes
from services.billing.routes import tariff as tariff_routes
from services.billing.routes import till as till_routes
from services.billing.routes import treasury as treasury_routes
from services.billing.schemas import (
    ChargesAnswer,
    ChargesQuery,
    InvoicesAnswer,
    InvoicesQuery,
    NotificationAnswer,
    NotificationBody,
    PaymentAnswer,
    PaymentBody,
    PaymentOpened,
    PaymentsAnswer,
    PaymentsQuery,
    ShownInvoiceAnswer,
)
from services.chassis import audit
from services.chassis.errors import NotFound
from services.chassis.web import Call, get, post

# Activity leaders take the roll; what families owe is none of their business.
ACCOUNTANTS = OFFICE | TILL
READERS = ACCOUNTANTS | {GUARDIAN}


async def list_charges(call: Call, query: ChargesQuery) -> ChargesAnswer:
    """What is not invoiced yet."""
    month = Month.parse(query.period) if query.period else None
    family_id = call.caller.family_scope or query.family_id
    found = await charge_queries.charges(call.connection, family_id, month)
    total = sum(charge["amount_cents"] or 0 for charge in found)
    whole = total - charge_queries.parts_cents(found)
    return ChargesAnswer.model_validate(
        {"charges": found, "total_cents": total, "whole_cents": whole}
    )


async def list_invoices(call: Call, query: InvoicesQuery) -> InvoicesAnswer:
    """Invoices, newest first."""
    found, total = await queries.invoices(
        call.connection,
        family_id=call.caller.family_scope or query.family_id,
        month=Month.parse(query.period) if query.period else None,
        archived=query.archived,
        page=Page(query.page, query.size),
    )
    return InvoicesAnswer.model_validate(
        {"invoices": found, "total": total, "page": query.page, "size": query.size}
    )


async def show_invoice(call: Call, invoice_id: UUID) -> ShownInvoiceAnswer:
    """One invoice with its lines."""
    found = await queries.invoice(call.connection, invoice_id, call.caller.family_scope)
    takes_parts = call.app[DESK].takes_parts
    return ShownInvoiceAnswer.model_validate({**found, "takes_parts": takes_parts})


async def invoice_paper(call: Call, invoice_id: UUID) -> web.StreamResponse:
    """One invoice as PDF: as it was set when it was first asked for, if it stands as it stood."""
    async with call.database.connection() as connection:
        found = await papers_queries.bill(connection, invoice_id, call.caller.family_scope)
        bill = Bill.of(**found)
        pdf = await find_paper(connection, bill)
    audit.about(call, family_id=bill.invoice.family_id)
    if pdf is None:
        drawn = await draw_paper(call.app, bill, call.now)
        async with call.database.transaction() as connection:
            pdf = await keep_paper(connection, bill, drawn, call.now)
    return pdf_response(pdf, f"facture-{bill.invoice.number}.pdf")


async def pay(call: Call, body: PaymentBody) -> PaymentOpened:
    """Open the online payment of one or several invoices."""
    if call.caller.family_id is None:
        raise NotFound
    payment = await start_payment(
        call.app[DESK],
        family_id=call.caller.family_id,
        account_id=call.caller.account_id,
        invoice_ids=body.invoice_ids,
        part_cents=body.amount_cents,
        now=call.now,
    )
    return PaymentOpened(
        payment_id=payment.payment_id,
        redirect_url=payment.redirect_url or "",
        amount_cents=payment.amount_cents,
    )


async def list_payments(call: Call, query: PaymentsQuery) -> PaymentsAnswer:
    """Payments, newest first."""
    family_id = call.caller.family_scope or query.family_id
    found = await queries.payments(call.connection, family_id, Page(query.page, query.size))
    return PaymentsAnswer.model_validate({"payments": found})


async def show_payment(call: Call, payment_id: UUID) -> PaymentAnswer:
    """One payment; while it is pending the provider is asked for its result."""
    async with call.database.connection() as connection:
        found = await queries.payment(connection, payment_id, call.caller.family_scope)
    if found["status"] == PaymentStatus.PENDING:
        await settle_payment(call.app[DESK], payment_id, call.now)
        async with call.database.connection() as connection:
            found = await queries.payment(connection, payment_id, call.caller.family_scope)
    return PaymentAnswer.model_validate(found)


async def receipt_paper(call: Call, payment_id: UUID) -> web.StreamResponse:
    """The receipt of a payment as PDF."""
    async with call.database.connection() as connection:
        found = await queries.payment(connection, payment_id, call.caller.family_scope)
        addressee = await queries.addressee(connection, found["family_id"])
    audit.about(call, family_id=found["family_id"])
    payment = PaymentAnswer.model_validate(found)
    if payment.received_at is None:
        raise NoReceipt
    data = receipt_data(payment, addressee, call.app[SENDER])
    return await send_paper(call.app, "receipt", data, f"recu-{payment.reference}.pdf")


async def notify(call: Call, body: NotificationBody) -> NotificationAnswer:
    """The provider says that an operation has a result, which is then read back from it."""
    await settle_notified(call.app[DESK], body.idop, call.now)
    return NotificationAnswer()


# Bare endpoints ask the payment provider, or set a PDF: no connection is held
# meanwhile.
ENDPOINTS = (
    *run_routes.ENDPOINTS,
    get("/charges", list_charges, allow=READERS, summary="Voir ce qui reste à facturer"),
    get("/invoices", list_invoices, allow=READERS, summary="Voir les factures d’une famille"),
    get(
        "/invoices/{invoice_id}.pdf",
        invoice_paper,
        allow=READERS,
        bare=True,
        opens=True,
        summary="Ouvrir une facture (PDF)",
    ),
    get(
        "/invoices/{invoice_id}",
        show_invoice,
        allow=READERS,
        opens=True,
        summary="Ouvrir une facture",
    ),
    get("/payments", list_payments, allow=READERS, summary="Voir les règlements d’une famille"),
    post(
        "/payments",
        pay,
        allow={GUARDIAN},
        status=201,
        bare=True,
        summary="Payer des factures en ligne",
    ),
    post("/payments/notifications", notify, allow=EVERYONE, bare=True),
    get(
        "/payments/{payment_id}",
        show_payment,
        allow=READERS,
        bare=True,
        opens=True,
        summary="Ouvrir un règlement",
    ),
    get(
        "/payments/{payment_id}/receipt.pdf",
        receipt_paper,
        allow=READERS,
        bare=True,
        opens=True,
        summary="Ouvrir un reçu (PDF)",
    ),
    *estimate_routes.ENDPOINTS,
    *till_routes.ENDPOINTS,
    *credit_note_routes.ENDPOINTS,
    *tariff_routes.ENDPOINTS,
    *formula_routes.ENDPOINTS,
    *mandate_routes.ENDPOINTS,
    *print_routes.ENDPOINTS,
    *organisation_routes.ENDPOINTS,
    *payers_routes.ENDPOINTS,
    *statement_routes.ENDPOINTS,
    *statistics_routes.ENDPOINTS,
    *debit_routes.ENDPOINTS,
    *recovery_routes.ENDPOINTS,
    *treasury_routes.ENDPOINTS,
)
