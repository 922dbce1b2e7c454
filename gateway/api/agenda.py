"""Agendas for calendar programs: the feed, and its secret addresses."""

from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import Field, StringConstraints

from contracts.roles import EVERYONE, GUARDIAN
from gateway.api.edge import clients, filed, forward
from gateway.portal import PORTAL
from gateway.readers.agenda import AgendaLinks, AgendaSecret
from gateway.visitor import network_address
from services.chassis.endpoints import Body, Call, get

KEPT_HEADERS = ("ETag", "Cache-Control", "Content-Type", "Content-Disposition")


class FeedQuery(Body):
    """The secret of the address."""

    token: Annotated[str, Field(max_length=100)]


class LinkBody(Body):
    """Where the link is used; without a child it shows all of them."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    child_id: UUID | None = None


async def read_agenda(call: Call, query: FeedQuery) -> web.Response:
    """The family's reservations as an iCalendar file, for whoever knows the address."""
    portal = call.app[PORTAL]
    portal.feeds.count(network_address(call.request, portal.proxies), call.now)
    known = call.request.headers.get("If-None-Match", "")
    reply = await clients(call).agenda.feed(query.token, known)
    kept = {name: reply.headers[name] for name in KEPT_HEADERS if name in reply.headers}
    return web.Response(status=reply.status, body=reply.body or None, headers=kept)


ENDPOINTS = (
    filed(get("/agenda.ics", read_agenda, allow=EVERYONE), kind="text/calendar"),
    forward(
        "GET",
        "/agenda-links",
        "list_agenda_links",
        to="reservations",
        allow={GUARDIAN},
        answer=AgendaLinks,
        summary="The secret addresses of the family's agenda; not the secrets.",
    ),
    forward(
        "POST",
        "/agenda-links",
        "make_agenda_link",
        to="reservations",
        allow={GUARDIAN},
        body=LinkBody,
        answer=AgendaSecret,
        status=201,
        summary="Make a secret address of the agenda; its secret is told this once.",
    ),
    forward(
        "POST",
        "/agenda-links/{link_id}/renew",
        "renew_agenda_link",
        to="reservations",
        allow={GUARDIAN},
        answer=AgendaSecret,
        summary="Give an address another secret; the former opens nothing any more.",
    ),
    forward(
        "DELETE",
        "/agenda-links/{link_id}",
        "revoke_agenda_link",
        to="reservations",
        allow={GUARDIAN},
        status=204,
        summary="Take an address out of use.",
    ),
)
