"""Waiting: a parent takes an offered place or waits no more, in line or for an answer."""

from collections.abc import Awaitable
from typing import Any

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.pages.reservations import PATH, calendar, month_in
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable


async def accept(page: Page) -> web.StreamResponse:
    """Take the place that is offered."""
    await page.form()
    asked = page.clients.places.accept_offer(page.id("waiting_id"))
    return await _done(page, asked, "La place est réservée.")


async def decline(page: Page) -> web.StreamResponse:
    """Leave the offered place to the next in line."""
    await page.form()
    asked = page.clients.places.decline_offer(page.id("waiting_id"))
    return await _done(page, asked, "La place est laissée au suivant.")


async def leave(page: Page) -> web.StreamResponse:
    """Wait no more."""
    await page.form()
    asked = page.clients.places.leave_line(page.id("waiting_id"))
    return await _done(page, asked, "Vous avez quitté la liste d’attente.")


async def withdraw(page: Page) -> web.StreamResponse:
    """Take back what was asked of the staff after the limit."""
    await page.form()
    asked = page.clients.agenda.withdraw_late_request(page.id("ask_id"))
    return await _done(page, asked, "Votre demande est retirée.")


async def session_line(page: Page) -> web.StreamResponse:
    """Who waits for a session, in order, and what its age groups need."""
    line = await or_unavailable(page.clients.places.session_line(page.id("session_id")))
    return page.render("agents/attente.html", line=line)


async def _done(page: Page, asked: Awaitable[Any], flash: str) -> web.StreamResponse:
    first_day = month_in(page, await page.form())
    try:
        await asked
    except ServiceUnavailable as failure:
        return await calendar(page, away=Unavailable(failure.service), first_day=first_day)
    except REFUSALS as refusal:
        return await calendar(page, Form().refused(refusal), first_day=first_day)
    return page.redirect(f"{PATH}?mois={first_day:%Y-%m}", flash=flash)


ROUTES = (
    post("/reservations/attentes/{waiting_id}/accepter", accept, allow={GUARDIAN}),
    post("/reservations/attentes/{waiting_id}/decliner", decline, allow={GUARDIAN}),
    post("/reservations/attentes/{waiting_id}/quitter", leave, allow={GUARDIAN}),
    post("/reservations/demandes/{ask_id}/retirer", withdraw, allow={GUARDIAN}),
    get("/agents/seances/{session_id}/attente", session_line, allow=OFFICE),
)
