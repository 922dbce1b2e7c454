"""What families ask for after the limit, as the office answers it."""

from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import Form
from gateway.page import Page, get, post
from gateway.pages import answering
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable

PATH: Final = "/agents/demandes-tardives"
FILTERS: Final = (
    ("pending", "À traiter"),
    ("accepted", "Acceptées"),
    ("refused", "Refusées"),
    ("withdrawn", "Retirées"),
)


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
    asked, order = page.id("ask_id"), page.clients.town.accept_late_request
    refused = await answering.accept(page, requests, asked, order)
    return refused or page.redirect(PATH, flash="Place réservée. La famille est prévenue.")


async def refuse(page: Page) -> web.StreamResponse:
    """Refuse it, with a reason that the family reads."""
    asked, order = page.id("ask_id"), page.clients.town.refuse_late_request
    refused = await answering.refuse(page, requests, asked, order)
    return refused or page.redirect(PATH, flash="Demande refusée. La famille est prévenue.")


ROUTES = (
    get(PATH, requests, allow=OFFICE),
    post(f"{PATH}/{{ask_id}}/accepter", accept, allow=OFFICE),
    post(f"{PATH}/{{ask_id}}/refuser", refuse, allow=OFFICE),
)
