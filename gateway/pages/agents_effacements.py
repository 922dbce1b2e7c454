"""Families that ask to be forgotten, and families that have left: what goes, what must stay."""

from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/effacements"


async def erasures(page: Page) -> web.StreamResponse:
    """Who asked, who seems to have left."""
    found = await or_unavailable(page.clients.personal_data.erasures())
    return page.render("agents/effacements.html", found=found)


async def erasure(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """One family: what must be kept and until when, and the decision."""
    family_id, clients = page.id("family_id"), page.clients
    found = await or_unavailable(clients.accounts.family(family_id))
    shown = await panels(
        duties=clients.personal_data.duties(family_id),
        request=clients.personal_data.erasure(family_id),
    )
    return page.render(
        "agents/effacement.html",
        family=found,
        family_id=family_id,
        panels=shown,
        form=form or Form(),
        away=away,
    )


async def approve(page: Page) -> web.StreamResponse:
    """Erase the family: its number typed again is the confirmation."""
    form, family_id = await page.form(), page.id("family_id")
    try:
        await page.clients.personal_data.approve_erasure(family_id, form.text("dossier"))
    except ServiceUnavailable as failure:
        return await erasure(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await erasure(page, form.refused(refusal, dossier="reference"))
    return page.redirect(PATH, flash="Le dossier est effacé. Chaque service efface sa part.")


async def refuse(page: Page) -> web.StreamResponse:
    """Keep the family's data, and say why."""
    form, family_id = await page.form(), page.id("family_id")
    try:
        await page.clients.personal_data.refuse_erasure(family_id, form.text("motif"))
    except ServiceUnavailable as failure:
        return await erasure(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await erasure(page, form.refused(refusal, motif="reason"))
    return page.redirect(PATH, flash="La demande est refusée ; la famille lit votre motif.")


ROUTES = (
    get(PATH, erasures, allow=OFFICE),
    get(f"{PATH}/{{family_id}}", erasure, allow=OFFICE),
    post(f"{PATH}/{{family_id}}", approve, allow=OFFICE),
    post(f"{PATH}/{{family_id}}/refus", refuse, allow=OFFICE),
)
