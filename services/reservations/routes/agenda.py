"""Agendas over HTTP: the feed that calendar programs read, its secret addresses, late requests.

Making and renewing a link is bare, so that no answer with a secret is kept beside an
idempotency key.
"""

from uuid import UUID

from aiohttp import web

from contracts.roles import EVERYONE, GUARDIAN
from services.chassis.errors import Forbidden
from services.chassis.processes import in_process
from services.chassis.web import Call, delete, get, post
from services.reservations.commands.agenda_links import (
    create_link,
    opened_by,
    renew_link,
    revoke_link,
)
from services.reservations.commands.late_asks import withdraw_ask
from services.reservations.model.agenda import feed, feed_period, fingerprint
from services.reservations.queries import agenda
from services.reservations.schemas.agenda import (
    AgendaLinkAnswer,
    AgendaLinkBody,
    AgendaLinks,
    AgendaQuery,
    AgendaSecret,
    OwnLateRequest,
    OwnLateRequests,
)


async def read_agenda(call: Call, query: AgendaQuery) -> web.Response:
    """A family's agenda as a calendar file; whoever knows the address may read it."""
    link = await opened_by(call.connection, query.token, call.today)
    entries = await agenda.entries(
        call.connection, link.family_id, link.child_id, call.now, feed_period(call.today)
    )
    tag = fingerprint(entries)
    known = {held.value for held in call.request.if_none_match or ()}
    if not known.isdisjoint({tag, "*"}):
        return _calendar_file(tag, None)
    # A year of several children takes a second to write: not in the loop that serves the others.
    return _calendar_file(tag, await in_process(call.app, feed, entries))


def _calendar_file(tag: str, content: bytes | None) -> web.Response:
    response = web.Response(
        body=content,
        status=200 if content is not None else 304,
        headers={"Cache-Control": "private, no-cache"},
    )
    response.etag = tag
    if content is not None:
        response.content_type, response.charset = "text/calendar", "utf-8"
        response.headers["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return response


async def list_own_late_requests(call: Call) -> OwnLateRequests:
    """What the family asked of the staff after the limit."""
    rows = await agenda.late_requests(call.connection, _family(call))
    return OwnLateRequests(late_requests=[OwnLateRequest(**row) for row in rows])


async def withdraw_late_request(call: Call, ask_id: UUID) -> None:
    """Retirer une demande tardive"""
    family_id, account_id = _family(call), call.caller.account_id
    await withdraw_ask(call.connection, ask_id, family_id, now=call.now, by=account_id)


async def list_links(call: Call) -> AgendaLinks:
    """The secret addresses of the family's agenda."""
    rows = await agenda.links(call.connection, _family(call))
    own = call.caller.account_id
    links = [AgendaLinkAnswer(own=row.pop("account_id") == own, **row) for row in rows]
    return AgendaLinks(links=links)


async def make_agenda_link(call: Call, body: AgendaLinkBody) -> AgendaSecret:
    """Créer un lien d’agenda"""
    family_id, account_id = _family(call), call.caller.account_id
    if account_id is None:
        raise Forbidden
    async with call.database.transaction() as connection:
        link_id, token = await create_link(
            connection, family_id, account_id, body.label, body.child_id, call.now
        )
    return AgendaSecret(link_id=link_id, token=token)


async def renew_agenda_link(call: Call, link_id: UUID) -> AgendaSecret:
    """Renouveler un lien d’agenda"""
    async with call.database.transaction() as connection:
        token = await renew_link(connection, link_id, _family(call), call.now)
    return AgendaSecret(link_id=link_id, token=token)


async def revoke_agenda_link(call: Call, link_id: UUID) -> None:
    """Supprimer un lien d’agenda"""
    await revoke_link(call.connection, link_id, _family(call))


def _family(call: Call) -> UUID:
    if call.caller.family_scope is None:
        raise Forbidden
    return call.caller.family_scope


ENDPOINTS = (
    get("/agenda.ics", read_agenda, allow=EVERYONE),
    get("/late-requests/own", list_own_late_requests, allow={GUARDIAN}),
    delete("/late-requests/{ask_id}", withdraw_late_request, allow={GUARDIAN}),
    get("/agenda-links", list_links, allow={GUARDIAN}),
    post("/agenda-links", make_agenda_link, allow={GUARDIAN}, status=201, bare=True),
    post("/agenda-links/{link_id}/renew", renew_agenda_link, allow={GUARDIAN}, bare=True),
    delete("/agenda-links/{link_id}", revoke_agenda_link, allow={GUARDIAN}),
)
