"""Credit notes: an issued invoice is corrected, never edited."""

from aiohttp import web

from contracts.roles import GUARDIAN, STAFF, TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.agents_payeurs import is_third_party
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

READERS = STAFF | {GUARDIAN}


async def correction(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The invoice's lines, and how much to take off each."""
    found = await or_unavailable(page.clients.billing.invoice(page.id("invoice_id")))
    is_outsider = not isinstance(found, Unavailable) and await is_third_party(page, found.family_id)
    return page.render(
        "agents/avoir.html",
        invoice=found,
        form=form or Form(),
        away=away,
        third_party=is_outsider,
    )


async def issue(page: Page) -> web.StreamResponse:
    """Issue the credit note."""
    form = await page.form()
    invoice_id = page.id("invoice_id")
    try:
        reason = form.text("motif")
        if len(reason) < 3:
            raise FieldRefused("motif", "Indiquez le motif, il figure sur l’avoir.")
        note = await page.clients.till.issue_credit_note(invoice_id, reason, _lines(form))
    except ServiceUnavailable as failure:
        return await correction(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await correction(page, form.refused(refusal, motif="reason"))
    return page.redirect(f"/factures/{invoice_id}", flash=f"Avoir {note.number} émis.")


def _lines(form: Form) -> dict[int, int] | None:
    """Cents by position; None for the whole invoice. Raises FieldRefused."""
    if form.text("portee") == "tout":
        return None
    wanted: dict[int, int] = {}
    for position in form.texts("position"):
        amount = form.cents(f"montant_{position}", optional=True)
        if amount and position.isdecimal():
            wanted[int(position)] = amount
    if not wanted:
        raise FieldRefused("portee", "Saisissez un montant sur une ligne, ou choisissez le tout.")
    return wanted


async def paper(page: Page) -> web.StreamResponse:
    """The credit note as PDF."""
    return await page.send(page.clients.till.credit_note_pdf(page.id("credit_note_id")))


ROUTES = (
    get("/agents/factures/{invoice_id}/avoir", correction, allow=TILL),
    post("/agents/factures/{invoice_id}/avoir", issue, allow=TILL),
    get(r"/avoirs/{credit_note_id:[^/.]+}.pdf", paper, allow=READERS),
)
