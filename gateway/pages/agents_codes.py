"""Access codes: how many would go out, and sending them."""

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH = "/agents/codes"


async def codes(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Who would receive codes, and by which way."""
    shown = await panels(
        preview=page.clients.accounts.preview_access_codes(),
        letters=page.clients.notifications.letters(status="to_print"),
    )
    return page.render("agents/codes.html", panels=shown, form=form or Form(), away=away)


async def issue(page: Page) -> web.StreamResponse:
    """To the family named, or to all that are ready and have none yet."""
    form = await page.form()
    try:
        family_id = form.id("famille", optional=True)
        issued = await page.clients.accounts.issue_access_codes([family_id] if family_id else None)
    except ServiceUnavailable as failure:
        return await codes(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await codes(page, form.refused(refusal, famille="family_ids"))
    told = f"Codes d’accès émis : {issued.by_mail} par mail, {issued.by_letter} par courrier."
    return page.redirect(f"/agents/familles/{family_id}" if family_id else PATH, flash=told)


ROUTES = (get(PATH, codes, allow=OFFICE), post(PATH, issue, allow=OFFICE))
