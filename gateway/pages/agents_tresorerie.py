"""What goes to the public accountant, and the books for the town's accounts."""

import re
from datetime import timedelta
from typing import Final

from aiohttp import web

from contracts.roles import TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/tresorerie"
SERVICE_FIELDS: Final = {
    "regie": "register_code",
    "echeance": "due_by",
    "prelevement": "collected_on",
}


async def treasury(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What can be handed over, what was, and the books of last month."""
    asked = page.query.get("regie")
    register = asked if re.fullmatch(r"[A-Z0-9]{1,8}", asked) else None
    client = page.clients.treasury
    shown = await panels(found=client.transmissible(register), sent=client.bordereaux())
    last = page.today.replace(day=1) - timedelta(days=1)
    return page.render(
        "agents/tresorerie.html",
        panels=shown,
        form=form or Form(),
        away=away,
        register=register or "EJ",
        first=last.replace(day=1),
        last=last,
    )


async def send(page: Page) -> web.StreamResponse:
    """Hand unpaid invoices to the accountant."""
    form = await page.form()
    try:
        if not form.checked("confirmation"):
            raise FieldRefused(
                "confirmation", "Cochez cette case : la transmission est définitive."
            )
        sent = await page.clients.treasury.send_to_accountant(
            form.text("regie"),
            form.date("echeance"),
            with_papers=form.checked("factures"),
            debited_on=form.date("prelevement", optional=True),
        )
    except ServiceUnavailable as failure:
        return await treasury(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await treasury(page, form.refused(refusal, **SERVICE_FIELDS))
    told = f"Bordereau {sent.fiscal_year}-{sent.number} prêt : {sent.pieces} pièces."
    return page.redirect(PATH, flash=told)


async def bordereau(page: Page) -> web.StreamResponse:
    """The file of a bordereau."""
    return await page.send(page.clients.treasury.bordereau_file(page.id("batch_id")))


async def books(page: Page) -> web.StreamResponse:
    """The books of a period as CSV."""
    form = Form({name: [page.query.get(name)] for name in ("du", "au")})
    try:
        first, last = form.date("du"), form.date("au")
        if not timedelta(0) <= last - first <= timedelta(days=366):
            raise FieldRefused("au", "Choisissez une période d’un an au plus.")
    except FieldRefused as refusal:
        return await treasury(page, form.refused(refusal))
    return await page.send(page.clients.treasury.books_csv(first, last))


ROUTES = (
    get(PATH, treasury, allow=TILL),
    post(PATH, send, allow=TILL),
    get(f"{PATH}/ecritures.csv", books, allow=TILL),
    get(f"{PATH}/{{batch_id}}/fichier", bordereau, allow=TILL),
)
