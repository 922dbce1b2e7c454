"""What CAF, CCAS … pay for a family."""

from typing import Any, Final

from aiohttp import web

from contracts.roles import DESK, TILL
from gateway.forms import REFUSALS, Form
from gateway.labels import KINDS
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/familles/{family_id}/aides"
# Form fields by the names of billing.
FIELDS: Final = {
    "organisme": "label",
    "enfant": "child_id",
    "sortes": "kinds",
    "jour": "day_cents",
    "mois": "month_cents",
    "du": "valid_from",
    "au": "valid_until",
}


async def aids(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The family's aids, and the form for another one."""
    family_id = page.id("family_id")
    found = await or_unavailable(page.clients.accounts.family(family_id))
    return page.render(
        "agents/aides.html",
        family=found,
        family_id=family_id,
        panels=await panels(aids=page.clients.billing.aids(family_id)),
        form=form or Form(),
        away=away,
        activity_kinds=tuple(KINDS.items()),
        may_amend=page.session.has(*TILL),
    )


async def grant(page: Page) -> web.StreamResponse:
    """Take in an aid."""
    form = await page.form()
    try:
        await page.clients.billing.grant_aid(_aid(page, form))
    except ServiceUnavailable as failure:
        return await aids(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await aids(page, form.refused(refusal, **FIELDS))
    return page.redirect(_path(page), flash="L’aide est enregistrée.")


def _aid(page: Page, form: Form) -> dict[str, Any]:
    """What billing takes. Raises FieldRefused."""
    child_id = form.id("enfant", optional=True)
    return {
        "family_id": str(page.id("family_id")),
        "child_id": str(child_id) if child_id else None,
        "label": form.text("organisme"),
        "kinds": form.texts("sortes"),
        "day_cents": form.cents("jour", optional=True),
        "month_cents": form.cents("mois", optional=True),
        "valid_from": form.date("du").isoformat(),
        "valid_until": form.date("au").isoformat(),
    }


async def end(page: Page) -> web.StreamResponse:
    """An aid helps no longer."""
    try:
        await page.clients.billing.end_aid(page.id("aid_id"))
    except ServiceUnavailable as failure:
        return await aids(page, away=Unavailable(failure.service))
    except REFUSALS as refusal:
        return await aids(page, Form().refused(refusal))
    return page.redirect(_path(page), flash="L’aide a pris fin.")


def _path(page: Page) -> str:
    return PATH.format(family_id=page.id("family_id"))


ROUTES = (
    get(PATH, aids, allow=DESK),
    post(PATH, grant, allow=TILL),
    post(f"{PATH}/{{aid_id}}/fin", end, allow=TILL),
)
