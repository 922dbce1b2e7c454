"""Invoices, online payment, receipts."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, STAFF, TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import Payment
from gateway.readers.payers import Sharing
from services.chassis.http_client import ServiceUnavailable

READERS = STAFF | {GUARDIAN}


async def invoices(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What is due, what is paid, and the payments made."""
    billing = page.clients.billing
    shown = await panels(
        all=billing.invoices(),
        payments=billing.payments(),
        credit=page.clients.till.credit(),
        sharings=own_sharings(page),
    )
    found = () if is_unavailable(shown.all) else shown.all
    due = [invoice for invoice in found if invoice.balance_cents > 0]
    return page.render(
        "factures.html",
        panels=shown,
        form=form or Form(),
        away=away,
        due=due,
        years=[page.today.year, page.today.year - 1],
        settled=[invoice for invoice in found if invoice.balance_cents <= 0],
        # What the bank collects already is not to be paid here as well.
        due_cents=sum(invoice.balance_cents for invoice in due if not invoice.debited_on),
    )


async def own_sharings(page: Page) -> Sequence[Sharing]:
    """Whose charges the family does not pay alone, today or soon."""
    if page.session.family_id is None:
        return ()
    found = await page.clients.payers.sharings(page.session.family_id)
    return [s for s in found if s.valid_until is None or s.valid_until >= page.today]


async def invoice(page: Page) -> web.StreamResponse:
    """One invoice with its lines; its family sees what it paid of it as well."""
    invoice_id, billing = page.id("invoice_id"), page.clients.billing
    found = await or_unavailable(billing.invoice(invoice_id))
    made = () if page.session.is_staff else (await panels(all=billing.payments())).all
    return page.render(
        "facture.html",
        invoice=found,
        attempts=() if is_unavailable(made) else payments_of(made, invoice_id),
        may_correct=page.session.has(*TILL),
    )


def payments_of(payments: Iterable[Payment], invoice_id: UUID) -> list[Payment]:
    """The payments that were to settle this invoice, also those that failed."""
    return [p for p in payments if invoice_id in {paid.invoice_id for paid in p.invoices}]


async def invoice_pdf(page: Page) -> web.StreamResponse:
    """The invoice as the town prints it."""
    return await page.send(page.clients.billing.invoice_pdf(page.id("invoice_id")))


async def statement_pdf(page: Page) -> web.StreamResponse:
    """The family's account over a year."""
    year, family_id = page.path_value("year"), page.session.family_id
    if family_id is None:
        raise web.HTTPNotFound
    return await page.send(page.clients.papers.statement(family_id, int(year)))


async def pay(page: Page) -> web.StreamResponse:
    """Start one payment of the chosen invoices, or of a part of one, at the payment server."""
    form = await page.form()
    try:
        chosen = form.ids("facture")
        if not chosen:
            raise FieldRefused("facture", "Choisissez au moins une facture à payer.")
        part = form.cents("montant", optional=True)
        started = await page.clients.billing.start_payment(chosen, part)
    except ServiceUnavailable as failure:
        return await invoices(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await invoices(
            page, form.refused(refusal, facture="invoice_ids", montant="amount_cents")
        )
    return page.leave_to(started.redirect_url)


async def payment(page: Page) -> web.StreamResponse:
    """How the payment stands; asked again by the page while it is pending."""
    found = await or_unavailable(page.clients.billing.payment(page.id("payment_id")))
    return page.render("paiement.html", partial="parties/paiement.html", payment=found)


async def receipt_pdf(page: Page) -> web.StreamResponse:
    """The proof of payment."""
    return await page.send(page.clients.billing.receipt_pdf(page.id("payment_id")))


ROUTES = (
    get("/factures", invoices, allow={GUARDIAN}),
    post("/factures", pay, allow={GUARDIAN}),
    # Before the page of one invoice, whose pattern would take the .pdf for part of the id.
    get(r"/factures/{invoice_id:[^/.]+}.pdf", invoice_pdf, allow=READERS),
    get(r"/factures/{invoice_id:[^/.]+}", invoice, allow=READERS),
    get(r"/factures/releves/{year:20\d\d}.pdf", statement_pdf, allow={GUARDIAN}),
    get("/paiements/{payment_id}", payment, allow=READERS),
    get("/paiements/{payment_id}/recu.pdf", receipt_pdf, allow=READERS),
)
