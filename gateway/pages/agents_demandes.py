"""Newcomers' account requests, as the office answers them."""

from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/demandes"
FILTERS: Final = (("waiting", "À étudier"), ("approved", "Acceptées"), ("refused", "Refusées"))
PAGE_SIZE: Final = 25


async def requests(page: Page) -> web.StreamResponse:
    """The requests in one state."""
    state = page.query.get("etat")
    if state not in dict(FILTERS):
        state = "waiting"
    found = await or_unavailable(
        page.clients.office.requests(state, page.query.number("page"), PAGE_SIZE)
    )
    return page.render("agents/demandes.html", found=found, state=state, filters=FILTERS)


async def request(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """One request, beside the families that resemble it."""
    found = await or_unavailable(page.clients.office.request(page.id("request_id")))
    return page.render("agents/demande.html", found=found, form=form or Form(), away=away)


async def approve(page: Page) -> web.StreamResponse:
    """Put the request into the family chosen, or make a new one; the code goes out."""
    form, request_id = await page.form(), page.id("request_id")
    try:
        approved = await page.clients.office.approve_request(
            request_id,
            family_id=form.id("famille", optional=True),
            resident=form.checked("resident"),
            use_contacts=form.checked("coordonnees"),
        )
    except ServiceUnavailable as failure:
        return await request(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await request(page, form.refused(refusal, famille="family_id"))
    way = "par mail" if approved.by_mail else "par courrier"
    told = f"Demande acceptée : dossier {approved.reference}. Le code d’accès part {way}."
    return page.redirect(f"/agents/familles/{approved.family_id}", flash=told)


async def refuse(page: Page) -> web.StreamResponse:
    """Refuse it, with a reason that the newcomer reads."""
    form, request_id = await page.form(), page.id("request_id")
    try:
        if not form.text("motif"):
            raise FieldRefused("motif", "Indiquez le motif : la personne le lira.")
        await page.clients.office.refuse_request(request_id, form.text("motif"))
    except ServiceUnavailable as failure:
        return await request(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await request(page, form.refused(refusal, motif="reason"))
    return page.redirect(PATH, flash="Demande refusée. La personne est prévenue par mail.")


ROUTES = (
    get(PATH, requests, allow=OFFICE),
    get(f"{PATH}/{{request_id}}", request, allow=OFFICE),
    post(f"{PATH}/{{request_id}}/accepter", approve, allow=OFFICE),
    post(f"{PATH}/{{request_id}}/refuser", refuse, allow=OFFICE),
)
