"""The business or public body that pays a family's invoices, which then are Factur-X."""

from typing import Final

from aiohttp import web

from contracts.roles import TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/familles/{family_id}/organisme"


async def organisation(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Who pays today, and the form that changes it."""
    family_id = page.id("family_id")
    found = await or_unavailable(page.clients.accounts.family(family_id))
    return page.render(
        "agents/organisme.html",
        family=found,
        family_id=family_id,
        panels=await panels(payer=page.clients.papers.organisation(family_id)),
        form=form or Form(),
        away=away,
    )


async def decide(page: Page) -> web.StreamResponse:
    """Name the organisation, or none."""
    form = await page.form()
    family_id = page.id("family_id")
    here = PATH.format(family_id=family_id)
    try:
        if form.text("geste") == "retirer":
            await page.clients.papers.end_organisation(family_id)
            return page.redirect(here, flash="La famille paie de nouveau elle-même ses factures.")
        name, siret = form.text("nom"), form.text("siret")
        if not name:
            raise FieldRefused("nom", "Indiquez le nom de l’organisme.")
        if not siret:
            raise FieldRefused("siret", "Indiquez son SIRET, 14 chiffres.")
        await page.clients.papers.name_organisation(family_id, name, siret)
    except ServiceUnavailable as failure:
        return await organisation(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await organisation(page, form.refused(refusal, nom="name", siret="siret"))
    return page.redirect(here, flash="L’organisme paie les factures émises à partir d’aujourd’hui.")


ROUTES = (get(PATH, organisation, allow=TILL), post(PATH, decide, allow=TILL))
