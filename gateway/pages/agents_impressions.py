"""Invoices for the post: a month's in one file, and how far it is."""

from datetime import timedelta
from typing import Final

from aiohttp import web

from contracts.roles import DESK
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/factures/impressions"
WHOSE: Final = (
    ("sans-mail", "Des familles sans adresse mail"),
    ("toutes", "De toutes les familles"),
)


async def prints(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What was printed, how far it is, and the form that asks for more."""
    shown = await panels(prints=page.clients.papers.print_batches())
    batches = () if is_unavailable(shown.prints) else shown.prints
    last_month = page.today.replace(day=1) - timedelta(days=1)
    return page.render(
        "agents/impressions.html",
        partial="parties/impressions.html",
        panels=shown,
        under_way=any(batch.finished_at is None for batch in batches),
        form=form or Form(),
        away=away,
        whose=WHOSE,
        proposed=page.query.get("mois") or f"{last_month:%Y-%m}",
    )


async def ask(page: Page) -> web.StreamResponse:
    """Ask for a month's invoices on paper."""
    form = await page.form()
    try:
        month = form.month("mois")
        without_mail = form.text("destinataires") != "toutes"
        await page.clients.papers.print_invoices(month, without_mail=without_mail)
    except ServiceUnavailable as failure:
        return await prints(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await prints(page, form.refused(refusal, mois="month"))
    return page.redirect(PATH, flash="Les factures se préparent : leur fichier apparaîtra ici.")


async def file(page: Page) -> web.StreamResponse:
    """One file, for the printer."""
    return await page.send(page.clients.papers.print_file(page.id("batch_id")))


ROUTES = (
    get(PATH, prints, allow=DESK),
    post(PATH, ask, allow=DESK),
    get(rf"{PATH}/{{batch_id:[^/.]+}}.pdf", file, allow=DESK),
)
