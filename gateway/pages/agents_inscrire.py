"""The office hands in a request for a family, past the window if need be."""

from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/familles/{family_id}/inscrire"


async def enrol(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """A child of the family, and an activity that is not over."""
    family_id = page.id("family_id")
    family = await or_unavailable(page.clients.accounts.family(family_id))
    shown = await panels(
        activities=page.clients.enrolment.activities(),
        admissions=page.clients.admissions.admissions(),
    )
    known = () if is_unavailable(shown.activities) else shown.activities
    return page.render(
        "agents/inscrire.html",
        family=family,
        family_id=family_id,
        panels=shown,
        activities=[a for a in known if a.ends_on is None or a.ends_on >= page.today],
        form=form or Form(),
        away=away,
    )


async def hand_in(page: Page) -> web.StreamResponse:
    """Send the request as the family signed it at the counter."""
    form, family_id = await page.form(), page.id("family_id")
    try:
        asked = await page.clients.enrolment.request_for(
            family_id,
            form.id("enfant"),
            form.id("activite"),
            regulations_accepted=form.checked("reglement"),
        )
    except ServiceUnavailable as failure:
        return await enrol(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(
            refusal, enfant="child_id", activite="activity_id", reglement="regulations_accepted"
        )
        return await enrol(page, refused)
    told = f"Demande enregistrée : {asked.child_name}, {asked.activity_name}."
    return page.redirect(f"/agents/familles/{family_id}", flash=told)


ROUTES = (get(PATH, enrol, allow=OFFICE), post(PATH, hand_in, allow=OFFICE))
