"""The family file: what the town knows, and what a guardian may amend."""

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.fiche import saved, where_to_fill
from gateway.panels import Unavailable, panels
from gateway.readers import Family, Guardian
from services.chassis.http_client import ServiceUnavailable

# form field -> the name under which accounts refuses it
SERVICE_FIELDS = {
    "telephone": "phone",
    "mail": "mail",
    "adresse": "address.lines",
    "code_postal": "address.postcode",
    "commune": "address.city",
}


async def profile(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The whole file, with the form for one's own details."""
    shown = await panels(
        family=page.clients.accounts.family(),
        children=page.clients.enrolment.children(),
        changes=page.clients.record.changes(),
    )
    return page.render(
        "famille.html",
        panels=shown,
        form=form or Form(),
        away=away,
        own_guardian=own_guardian,
        where_to_fill=where_to_fill,
    )


async def amend(page: Page) -> web.StreamResponse:
    """Save the caller's own telephone and address; the mail address is changed by links."""
    form = await page.form()
    try:
        family = await page.clients.accounts.amend_family(
            phone=form.text("telephone"), address=address_of(form)
        )
    except ServiceUnavailable as failure:
        return await profile(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await profile(page, form.refused(refusal, **SERVICE_FIELDS))
    return saved(page, family)


def address_of(form: Form) -> dict[str, object]:
    """The address as accounts takes it; empty lines left out."""
    lines = [form.text("adresse"), form.text("complement")]
    return {
        "lines": [line for line in lines if line],
        "postcode": form.text("code_postal"),
        "city": form.text("commune"),
    }


def own_guardian(family: Family, page: Page) -> Guardian | None:
    """The guardian who is signed in; the first one when the account is not told."""
    for guardian in family.guardians:
        if guardian.account and guardian.account.account_id == page.session.account_id:
            return guardian
    return family.guardians[0] if family.guardians else None


ROUTES = (
    get("/famille", profile, allow={GUARDIAN}),
    post("/famille", amend, allow={GUARDIAN}),
)
