"""The audit trail, as the administrator searches it."""

import re
from datetime import date
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from contracts.roles import ADMIN
from gateway.forms import Form
from gateway.page import Page, get
from gateway.panels import panels

PATH: Final = "/agents/journal"
PAGE_SIZE: Final = 50

# query of the page -> query of accounts
FIELDS: Final = {
    "agent": "account_id",
    "dossier": "reference",
    "famille": "family_id",
    "action": "action",
    "resultat": "outcome",
    "du": "since",
    "au": "until",
}
OUTCOMES: Final = (
    ("", "Tous"),
    ("done", "Fait"),
    ("refused", "Refusé"),
    ("not_theirs", "Donnée d’une autre famille"),
)


async def trail(page: Page) -> web.StreamResponse:
    """The lines that match, newest first."""
    wanted = wanted_of(page)
    form = Form({name: [text] for name in FIELDS if (text := page.query.get(name))})
    number = page.query.number("page")
    client = page.clients.trail
    shown = await panels(trail=client.search(wanted, number, PAGE_SIZE), choices=client.choices())
    asked = urlencode({name: page.query.get(name) for name in FIELDS if page.query.get(name)})
    return page.render(
        "agents/journal.html",
        panels=shown,
        form=form,
        outcomes=OUTCOMES,
        asked=asked,
        address=f"{PATH}?{asked}&" if asked else f"{PATH}?",
    )


async def export(page: Page) -> web.StreamResponse:
    """The same lines as CSV, all of them."""
    return await page.send(page.clients.trail.export(wanted_of(page)))


def wanted_of(page: Page) -> dict[str, str]:
    """What the address asks for, without what makes no sense."""
    given = {service: page.query.get(name) for name, service in FIELDS.items()}
    checks = {
        "account_id": page.query.id("agent") is not None,
        "family_id": page.query.id("famille") is not None,
        "outcome": given["outcome"] in {key for key, _ in OUTCOMES},
        "since": is_day(given["since"]),
        "until": is_day(given["until"]),
    }
    return {name: text[:100] for name, text in given.items() if text and checks.get(name, True)}


def is_day(text: str) -> bool:
    """Whether it is a day of this century."""
    try:
        return bool(re.match(r"20\d\d-", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


ROUTES = (
    get(PATH, trail, allow={ADMIN}),
    get(f"{PATH}.csv", export, allow={ADMIN}),
)
