"""Cheques: those that wait, and the slips on which they go to the bank."""

from typing import Final

from aiohttp import web

from contracts.roles import TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.panels import panels

PATH: Final = "/agents/caisse/cheques"


async def cheques(page: Page, form: Form | None = None) -> web.StreamResponse:
    """The cheques that wait, and the slips."""
    till = page.clients.till
    shown = await panels(cheques=till.cheques(), slips=till.slips())
    return page.render("agents/caisse_cheques.html", panels=shown, form=form or Form())


async def group(page: Page) -> web.StreamResponse:
    """Put the chosen cheques on a slip."""
    form = await page.form()
    try:
        chosen = form.ids("cheque")
        if not chosen:
            raise FieldRefused("cheque", "Choisissez au moins un chèque à remettre.")
        await page.clients.till.make_slip(chosen)
    except REFUSALS as refusal:
        return await cheques(page, form.refused(refusal, cheque="payment_ids"))
    told = "Bordereau préparé : imprimez-le, puis remettez-le à la banque pour le clore."
    return page.redirect(PATH, flash=told)


async def decide(page: Page) -> web.StreamResponse:
    """Lock a slip, or undo it while it is open."""
    form = await page.form()
    slip_id = page.id("slip_id")
    try:
        if form.text("geste") == "defaire":
            await page.clients.till.drop_slip(slip_id)
            return page.redirect(PATH, flash="Bordereau défait : ses chèques attendent de nouveau.")
        slip = await page.clients.till.lock_slip(slip_id)
    except REFUSALS as refusal:
        return await cheques(page, form.refused(refusal))
    return page.redirect(PATH, flash=f"Bordereau {slip.number} clos.")


async def slip_pdf(page: Page) -> web.StreamResponse:
    """The slip as the bank takes it."""
    return await page.send(page.clients.till.slip_pdf(page.id("slip_id")))


ROUTES = (
    get(PATH, cheques, allow=TILL),
    post(PATH, group, allow=TILL),
    post(f"{PATH}/{{slip_id}}", decide, allow=TILL),
    get(rf"{PATH}/{{slip_id:[^/.]+}}.pdf", slip_pdf, allow=TILL),
)
