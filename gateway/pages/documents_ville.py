"""What the town publishes: for everyone, and for families who have signed in."""

from itertools import groupby
from operator import attrgetter

from aiohttp import web

from gateway.page import PUBLIC, Page, get

HOME = "/documents-de-la-ville"

# In the order of the page.
KINDS = {
    "menu": "Menus",
    "calendar": "Calendriers",
    "rules": "Règlements",
    "form": "Formulaires",
    "other": "Autres documents",
}


async def documents(page: Page) -> web.StreamResponse:
    """All of them, by kind."""
    found = await page.clients.publications.all()
    current = sorted((p for p in found if p.kind in KINDS), key=lambda p: list(KINDS).index(p.kind))
    by_kind = [(KINDS[k], list(group)) for k, group in groupby(current, attrgetter("kind"))]
    return page.render("documents_ville.html", by_kind=by_kind)


async def content(page: Page) -> web.StreamResponse:
    """The file itself."""
    return await page.send(page.clients.publications.content(page.id("publication_id")))


ROUTES = (
    get(HOME, documents, allow=PUBLIC),
    get(f"{HOME}/{{publication_id}}/contenu", content, allow=PUBLIC),
)
