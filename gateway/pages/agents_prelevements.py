"""Direct debits: what goes to the bank, what comes back, who signed."""

from typing import Final
from uuid import UUID

from aiohttp import web

from contracts.roles import DESK, TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/prelevements"
# More than anyone ticks one by one.
MOST_LISTED: Final = 300
MANDATE_STATES: Final = (
    ("active", "En vigueur"),
    ("expired", "Expirés"),
    ("revoked", "Terminés"),
)


async def debits(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What can be collected, what was sent to the bank, what the bank sent back."""
    treasury = page.clients.treasury
    shown = await panels(
        candidates=treasury.debit_candidates(),
        batches=treasury.debit_batches(),
        files=treasury.debit_returns(),
    )
    return page.render(
        "agents/prelevements.html",
        panels=shown,
        form=form or Form(),
        away=away,
        most_listed=MOST_LISTED,
    )


async def send(page: Page) -> web.StreamResponse:
    """Send the chosen invoices to the bank."""
    form = await page.form()
    try:
        day, chosen = form.date("date"), _chosen(form)
        batch = await page.clients.treasury.make_debit_batch(day, chosen)
    except ServiceUnavailable as failure:
        return await debits(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, date="collected_on", facture="invoice_ids")
        return await debits(page, refused)
    told = f"Remise n° {batch.number} prête : téléchargez son fichier et déposez-le à la banque."
    return page.redirect(f"{PATH}/{batch.batch_id}", flash=told)


def _chosen(form: Form) -> list[UUID] | None:
    """The ticked invoices; None for all of them. Raises FieldRefused."""
    if form.text("choix") == "toutes":
        return None
    chosen = form.ids("facture")
    if not chosen:
        raise FieldRefused("facture", "Choisissez au moins une facture à prélever.")
    return chosen


async def batch(page: Page) -> web.StreamResponse:
    """One batch with its debits."""
    found = await or_unavailable(page.clients.treasury.debit_batch(page.id("batch_id")))
    return page.render("agents/prelevements_remise.html", batch=found)


async def file(page: Page) -> web.StreamResponse:
    """The file of a batch as the bank takes it."""
    return await page.send(page.clients.treasury.debit_file(page.id("batch_id")))


async def take_returns(page: Page) -> web.StreamResponse:
    """Read a file of the bank and show what it would do."""
    async with page.upload() as upload:
        form = upload.form
        try:
            read = await page.clients.treasury.read_debit_returns(upload.stream())
        except ServiceUnavailable as failure:
            return await debits(page, form, Unavailable(failure.service))
        except REFUSALS as refusal:
            return await debits(page, form.refused(refusal))
    return page.redirect(f"{PATH}/rejets/{read.file_id}")


async def returns(page: Page, form: Form | None = None) -> web.StreamResponse:
    """What a file of the bank says, and whether it is booked."""
    treasury = page.clients.treasury
    found = await or_unavailable(treasury.debit_returns_file(page.id("file_id")))
    return page.render("agents/prelevements_rejets.html", file=found, form=form or Form())


async def apply_returns(page: Page) -> web.StreamResponse:
    """Book the file."""
    form = await page.form()
    file_id = page.id("file_id")
    try:
        booked = await page.clients.treasury.apply_debit_returns(file_id)
    except REFUSALS as refusal:
        return await returns(page, form.refused(refusal))
    told = f"{booked.returns} rejets pris en compte : ces factures sont de nouveau à payer."
    if booked.returns == 1:
        told = "Un rejet pris en compte : la facture est de nouveau à payer."
    return page.redirect(f"{PATH}/rejets/{file_id}", flash=told)


async def mandates(page: Page, form: Form | None = None) -> web.StreamResponse:
    """Who signed a mandate."""
    states = dict(MANDATE_STATES)
    state = page.query.get("etat")
    state = state if state in states else "active"
    shown = await panels(mandates=page.clients.treasury.mandates(state=state))
    return page.render(
        "agents/prelevements_mandats.html",
        panels=shown,
        form=form or Form(),
        state=state,
        states=MANDATE_STATES,
        may_end=page.session.has(*TILL),
    )


async def end_mandate(page: Page) -> web.StreamResponse:
    """End a family's mandate, at its request."""
    form = await page.form()
    try:
        ended = await page.clients.treasury.end_mandate(form.id("mandat"), form.text("motif"))
    except REFUSALS as refusal:
        return await mandates(page, form.refused(refusal, motif="reason"))
    return page.redirect(f"{PATH}/mandats", flash=f"Le mandat {ended.rum} a pris fin.")


ROUTES = (
    get(PATH, debits, allow=TILL),
    post(PATH, send, allow=TILL),
    get(f"{PATH}/mandats", mandates, allow=DESK),
    post(f"{PATH}/mandats", end_mandate, allow=TILL),
    post(f"{PATH}/rejets", take_returns, allow=TILL, upload=True),
    get(f"{PATH}/rejets/{{file_id}}", returns, allow=TILL),
    post(f"{PATH}/rejets/{{file_id}}", apply_returns, allow=TILL),
    get(f"{PATH}/{{batch_id}}", batch, allow=TILL),
    get(f"{PATH}/{{batch_id}}/fichier", file, allow=TILL),
)
