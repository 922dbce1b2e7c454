"""Changes that parents asked for: the staff accept or refuse them."""

from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import Form
from gateway.page import Page, get, post
from gateway.pages import answering
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable

PATH: Final = "/agents/modifications"
PAGE_SIZE: Final = 25


async def queue(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What waits, the oldest first, before and after."""
    number = page.query.number("page")
    found = await or_unavailable(page.clients.record.waiting_changes(number, PAGE_SIZE))
    return page.render(
        "agents/modifications.html", found=found, form=form or Form(), away=away, size=PAGE_SIZE
    )


async def accept(page: Page) -> web.StreamResponse:
    """Do what the parent asked for; the family is told."""
    asked, order = page.id("change_id"), page.clients.record.accept_change
    refused = await answering.accept(page, queue, asked, order)
    return refused or page.redirect(PATH, flash="Modification acceptée. La famille est prévenue.")


async def refuse(page: Page) -> web.StreamResponse:
    """Leave the record as it is, with a reason that the family reads."""
    asked, order = page.id("change_id"), page.clients.record.refuse_change
    refused = await answering.refuse(page, queue, asked, order)
    return refused or page.redirect(PATH, flash="Modification refusée. La famille est prévenue.")


ROUTES = (
    get(PATH, queue, allow=OFFICE),
    post(f"{PATH}/{{change_id}}/accepter", accept, allow=OFFICE),
    post(f"{PATH}/{{change_id}}/refuser", refuse, allow=OFFICE),
)
