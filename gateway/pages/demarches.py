"""The history of everything the family has asked, paid, deposited and received."""

from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.history import KINDS, STATES, Wanted, history
from gateway.page import Page, get
from services.chassis.errors import NotFound

PATH: Final = "/demarches"
SIZE: Final = 25


async def requests(page: Page) -> web.StreamResponse:
    """Newest first, whatever service it comes from; by kind, state and child."""
    if page.session.family_id is None:
        raise NotFound
    kind, state, child = page.query.get("sorte"), page.query.get("etat"), page.query.id("enfant")
    wanted = Wanted(kind if kind in KINDS else None, state if state in STATES else None, child)
    found = await history(page.clients, page.session.family_id)
    matching = found.matching(wanted)
    number = min(page.query.number("page"), max(1, -(-len(matching) // SIZE)))
    asked = {"sorte": wanted.kind, "etat": wanted.state, "enfant": wanted.child_id}
    chosen = urlencode({name: str(value) for name, value in asked.items() if value})
    return page.render(
        "demarches.html",
        found=found,
        wanted=wanted,
        kinds=KINDS,
        states=STATES,
        requests=matching[(number - 1) * SIZE : number * SIZE],
        total=len(matching),
        number=number,
        size=SIZE,
        address=f"{PATH}?{chosen}{'&' if chosen else ''}",
    )


ROUTES = (get(PATH, requests, allow={GUARDIAN}),)
