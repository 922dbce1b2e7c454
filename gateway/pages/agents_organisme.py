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
FIELDS: Final = {
    "nom": "name",
    "siret": "siret",
    "service": "service_code",
    "engagement": "engagement",
}


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
        if not form.text("nom"):
            raise FieldRefused("nom", "Indiquez le nom de l’organisme.")
        if not form.text("siret"):
            raise FieldRefused("siret", "Indiquez son SIRET, 14 chiffres.")
        named = {theirs: form.text(ours) for ours, theirs in FIELDS.items()}
        await page.clients.papers.name_organisation(family_id, named)
    except ServiceUnavailable as failure:
        return await organisation(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await organisation(page, form.refused(refusal, **FIELDS))
    return page.redirect(here, flash="L’organisme paie les factures émises à partir d’aujourd’hui.")


ROUTES = (get(PATH, organisation, allow=TILL), post(PATH, decide, allow=TILL))
