"""What the town wrote to a family: for the family itself, and for the office."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE
from gateway.page import Page, get
from gateway.readers import Message
from services.chassis.errors import NotFound

PATH: Final = "/messages"
OFFICE_PATH: Final = "/agents/familles/{family_id}/messages"
SIZE: Final = 25


async def own_messages(page: Page) -> web.StreamResponse:
    """Newest first, whether they came by mail or by letter."""
    found = await page.clients.notifications.messages()
    return page.render("messages.html", **_paged(page, found, PATH))


async def own_message(page: Page) -> web.StreamResponse:
    """One of them, to be read again."""
    found = await page.clients.notifications.message(page.id("message_id"))
    return page.render("message.html", found=found)


async def messages_of_family(page: Page) -> web.StreamResponse:
    """What was sent to one family, and what became of it."""
    family_id = page.id("family_id")
    family = await page.clients.accounts.family(family_id)
    found = await page.clients.notifications.messages(family_id)
    return page.render(
        "agents/messages_famille.html",
        family=family,
        family_id=family_id,
        **_paged(page, found, OFFICE_PATH.format(family_id=family_id)),
    )


async def message_of_family(page: Page) -> web.StreamResponse:
    """One of them, as the family reads it."""
    family_id = page.id("family_id")
    family = await page.clients.accounts.family(family_id)
    found = await page.clients.notifications.message(page.id("message_id"))
    if found.message.family_id != family_id:
        raise NotFound
    return page.render(
        "agents/message_famille.html", family=family, family_id=family_id, found=found
    )


def _paged(page: Page, found: Sequence[Message], path: str) -> dict[str, Any]:
    number = min(page.query.number("page"), max(1, -(-len(found) // SIZE)))
    return {
        "messages": found[(number - 1) * SIZE : number * SIZE],
        "total": len(found),
        "number": number,
        "size": SIZE,
        "address": f"{path}?",
    }


ROUTES = (
    get(PATH, own_messages, allow={GUARDIAN}),
    get(f"{PATH}/{{message_id}}", own_message, allow={GUARDIAN}),
    get(OFFICE_PATH, messages_of_family, allow=OFFICE),
    get(f"{OFFICE_PATH}/{{message_id}}", message_of_family, allow=OFFICE),
)
