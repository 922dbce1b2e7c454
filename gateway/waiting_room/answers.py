"""What those who wait are shown: a page for people, problem+json for programs."""

import json
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from gateway.portal import Portal
from gateway.waiting_room.room import Waiting
from gateway.waiting_room.tickets import LIFE_SECONDS
from services.chassis.errors import PROBLEM_TYPE, DomainError

TICKET_HEADER = "X-Waiting-Ticket"
TEMPLATE = "salle_d_attente.html"
# A page that comes anew more often leaves no time to read it, or to have it read.
PAGE_RETURNS_AFTER = 5
PROGRAM_RETURNS_AFTER = 1


class InLine(DomainError):
    """More families come than can be served at once: this one has a place in the line."""

    slug, status, title = "waiting-room", 503, "Le portail est très demandé"


def place_problem(_request: web.Request, portal: Portal, told: Waiting) -> web.Response:
    """The place in the line for programs, with the ticket to send back."""
    refusal = InLine(
        f"Vous êtes à la place {told.place} de la file. Revenez dans {told.come_back} s avec "
        f"l’en-tête {TICKET_HEADER}.",
        retry_after=told.come_back,
    )
    place = {"place": told.place, "wait_seconds": told.seconds}
    body = refusal.problem() | place | {"ticket": portal.entrance.written(told.ticket)}
    response = web.Response(
        body=json.dumps(body, ensure_ascii=False).encode(),
        status=refusal.status,
        content_type=PROBLEM_TYPE,
        headers={hdrs.RETRY_AFTER: str(told.come_back)},
    )
    hand_out(response, portal, told.ticket)
    return response


def place_page(request: web.Request, portal: Portal, told: Waiting) -> web.Response:
    """The place in the line for people, which comes anew by itself.

    It is no error: proxies that take a server away after some would leave nobody to wait for.
    """
    is_look = request.method == hdrs.METH_GET
    address = request.rel_url.raw_path_qs if is_look else _page_before(request)
    shown = {
        "place": told.place,
        "wait": wait_in_words(told.seconds),
        "come_back": told.come_back,
        "address": address,
        "is_look": is_look,
    }
    response = web.Response(
        text=portal.templates.render(TEMPLATE, shown),
        content_type="text/html",
        headers={"Refresh": f"{told.come_back}; url={address}"},
    )
    if "HX-Request" in request.headers:
        response.headers["HX-Refresh"] = "true"  # a part of a page is no place to wait
    hand_out(response, portal, told.ticket)
    return response


def hand_out(response: web.StreamResponse, portal: Portal, ticket: int) -> None:
    """Give the ticket to whoever asked, in the cookie and in the header."""
    written = portal.entrance.written(ticket)
    response.headers[TICKET_HEADER] = written
    portal.cookies.keep_ticket(response, written, LIFE_SECONDS)


def wait_in_words(seconds: int) -> str:
    """About how long, as one says it."""
    if seconds < 60:
        return "moins d’une minute"
    minutes = -(-seconds // 60)
    if minutes < 60:
        return "environ une minute" if minutes == 1 else f"environ {minutes} minutes"
    hours = round(minutes / 60)
    return "environ une heure" if hours == 1 else f"environ {hours} heures"


def _page_before(request: web.Request) -> str:
    """Where the form was that could not be taken; the first page when the browser keeps it."""
    before = urlsplit(request.headers.get(hdrs.REFERER, ""))
    if before.netloc != request.host or not before.path.startswith("/"):
        return "/"
    return before.path + (f"?{before.query}" if before.query else "")
