"""The town's choices about family records, for the administrator."""

from typing import Final

from aiohttp import web

from contracts.roles import ADMIN
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/reglages"
FIELDS: Final = {"titre": "title", "texte": "body"}


async def settings(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What a complete record needs, which changes wait, which consents are asked."""
    record = page.clients.record
    shown = await panels(rules=record.rules(), texts=record.consent_texts())
    return page.render("agents/reglages.html", panels=shown, form=form or Form(), away=away)


async def set_rules(page: Page) -> web.StreamResponse:
    """Put the choices in force."""
    form = await page.form()
    try:
        await page.clients.record.set_rules(
            required=form.texts("exige"), reviewed=form.texts("verifie")
        )
    except ServiceUnavailable as failure:
        return await settings(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await settings(page, form.refused(refusal))
    return page.redirect(PATH, flash="Les réglages sont enregistrés.")


async def publish(page: Page) -> web.StreamResponse:
    """Ask for one more consent, or ask for one again in another version."""
    form = await page.form()
    try:
        await page.clients.record.publish_consent(
            form.text("titre"), form.text("texte"), form.id("autorisation", optional=True)
        )
    except ServiceUnavailable as failure:
        return await settings(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await settings(page, form.refused(refusal, **FIELDS))
    flash = "Le texte est publié. Les familles sont invitées à répondre."
    return page.redirect(f"{PATH}#autorisations", flash=flash)


async def withdraw(page: Page) -> web.StreamResponse:
    """Ask for a consent no more."""
    form = await page.form()
    try:
        await page.clients.record.withdraw_consent(page.id("consent_id"))
    except ServiceUnavailable as failure:
        return await settings(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await settings(page, form.refused(refusal))
    flash = "Cette autorisation n’est plus demandée. Les réponses sont conservées."
    return page.redirect(f"{PATH}#autorisations", flash=flash)


ROUTES = (
    get(PATH, settings, allow={ADMIN}),
    post(PATH, set_rules, allow={ADMIN}),
    post(f"{PATH}/autorisations", publish, allow={ADMIN}),
    post(f"{PATH}/autorisations/{{consent_id}}/retirer", withdraw, allow={ADMIN}),
)
