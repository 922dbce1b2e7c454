"""Changes that parents asked for: the staff accept or refuse them."""

from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

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
    form = await page.form()
    try:
        await page.clients.record.accept_change(page.id("change_id"))
    except ServiceUnavailable as failure:
        return await queue(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await queue(page, form.refused(refusal))
    return page.redirect(PATH, flash="Modification acceptée. La famille est prévenue.")


async def refuse(page: Page) -> web.StreamResponse:
    """Leave the record as it is, with a reason that the family reads."""
    form, change_id = await page.form(), page.id("change_id")
    field = f"motif-{change_id}"
    try:
        if not form.text(field):
            raise FieldRefused(field, "Indiquez le motif : la famille le lira.")
        await page.clients.record.refuse_change(change_id, form.text(field))
    except ServiceUnavailable as failure:
        return await queue(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await queue(page, form.refused(refusal, **{field: "reason"}))
    return page.redirect(PATH, flash="Modification refusée. La famille est prévenue.")


ROUTES = (
    get(PATH, queue, allow=OFFICE),
    post(f"{PATH}/{{change_id}}/accepter", accept, allow=OFFICE),
    post(f"{PATH}/{{change_id}}/refuser", refuse, allow=OFFICE),
)
