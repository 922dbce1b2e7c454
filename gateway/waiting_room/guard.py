"""Stands before every page and API operation: lets in, or shows the place in the line."""

from aiohttp import web

from gateway.portal import PORTAL, Portal
from gateway.problems import API_PREFIX
from gateway.waiting_room.answers import (
    PAGE_RETURNS_AFTER,
    PROGRAM_RETURNS_AFTER,
    TICKET_HEADER,
    hand_out,
    place_page,
    place_problem,
)
from gateway.waiting_room.entrance import Asker, Handler
from gateway.waiting_room.room import Waiting

# What costs nothing, what probes ask, where the payment server and its payers come back.
NEVER_QUEUED = ("/static/", "/healthz", "/readyz", "/paiement/", "/api/v1/openapi.json")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the request in, in its turn; the staff never wait."""
    if request.path.startswith(NEVER_QUEUED):
        return await handler(request)
    portal, now = request.app[PORTAL], request.app[PORTAL].now()
    session = portal.identity.claimed(request, now)
    if session is not None and session.is_staff:
        return await handler(request)
    is_program = request.path.startswith(API_PREFIX)
    answer = portal.entrance.ask(
        Asker(session, request.cookies.get(portal.cookies.visit, ""), _ticket(request, portal)),
        now,
        soonest=PROGRAM_RETURNS_AFTER if is_program else PAGE_RETURNS_AFTER,
    )
    if isinstance(answer, Waiting):
        return (place_problem if is_program else place_page)(request, portal, answer)
    response = await portal.entrance.serve(request, handler)
    if answer.ticket is not None and not response.prepared:
        hand_out(response, portal, answer.ticket)
    return response


def _ticket(request: web.Request, portal: Portal) -> str:
    return request.headers.get(TICKET_HEADER) or request.cookies.get(portal.cookies.ticket, "")
