"""What families ask for after the limit, as the office answers it."""

from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/demandes-tardives"
FILTERS: Final = (("pending", "À traiter"), ("accepted", "Acceptées"), ("refused", "Refusées"))


async def requests(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The requests in one state, the nearest session first."""
    state = page.query.get("etat")
    if state not in dict(FILTERS):
        state = "pending"
    found = await or_unavailable(page.clients.town.late_requests(state))
    return page.render(
        "agents/demandes_tardives.html",
        found=found,
        state=state,
        filters=FILTERS,
        form=form or Form(),
        away=away,
    )


async def accept(page: Page) -> web.StreamResponse:
    """Keep the place; the family is told."""
    form = await page.form()
    try:
        await page.clients.town.accept_late_request(page.id("ask_id"))
    except ServiceUnavailable as failure:
        return await requests(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await requests(page, form.refused(refusal))
    return page.redirect(PATH, flash="Place réservée. La famille est prévenue.")


async def refuse(page: Page) -> web.StreamResponse:
    """Refuse it, with a reason that the family reads."""
    form, ask_id = await page.form(), page.id("ask_id")
    field = f"motif-{ask_id}"
    try:
        if not form.text(field):
            raise FieldRefused(field, "Indiquez le motif : la famille le lira.")
        await page.clients.town.refuse_late_request(ask_id, form.text(field))
    except ServiceUnavailable as failure:
        return await requests(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await requests(page, form.refused(refusal, **{field: "reason"}))
    return page.redirect(PATH, flash="Demande refusée. La famille est prévenue.")


ROUTES = (
    get(PATH, requests, allow=OFFICE),
    post(f"{PATH}/{{ask_id}}/accepter", accept, allow=OFFICE),
    post(f"{PATH}/{{ask_id}}/refuser", refuse, allow=OFFICE),
)
