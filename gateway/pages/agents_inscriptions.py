"""Enrolment requests, as the staff accept or refuse them."""

from typing import Final

from aiohttp import web

from contracts.roles import DESK, OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/inscriptions"
FILTERS: Final = (
    ("submitted", "En attente"),
    ("accepted", "Acceptées"),
    ("refused", "Refusées"),
)
PAGE_SIZE: Final = 25


async def enrolments(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The requests in one state; those waiting first."""
    state = page.query.get("etat")
    if state not in dict(FILTERS):
        state = "submitted"
    found = await or_unavailable(page.clients.enrolment.enrolments(status=state))
    total = 0 if isinstance(found, Unavailable) else len(found)
    number = min(page.query.number("page"), max(1, -(-total // PAGE_SIZE)))
    start = (number - 1) * PAGE_SIZE
    return page.render(
        "agents/inscriptions.html",
        found=found if isinstance(found, Unavailable) else found[start : start + PAGE_SIZE],
        total=total,
        number=number,
        size=PAGE_SIZE,
        state=state,
        filters=FILTERS,
        form=form or Form(),
        away=away,
        may_decide=page.session.has(*OFFICE),
    )


async def accept(page: Page) -> web.StreamResponse:
    """Accept the request; the family is told by message."""
    form = await page.form()
    try:
        await page.clients.enrolment.accept(page.id("enrolment_id"))
    except ServiceUnavailable as failure:
        return await enrolments(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await enrolments(page, form.refused(refusal))
    return page.redirect(PATH, flash=f"Inscription acceptée{_of(form)}. La famille est prévenue.")


async def refuse(page: Page) -> web.StreamResponse:
    """Refuse it, with a reason that the family reads."""
    form, enrolment_id = await page.form(), page.id("enrolment_id")
    field = f"motif-{enrolment_id}"
    try:
        if not form.text(field):
            raise FieldRefused(field, "Indiquez le motif : la famille le lira.")
        await page.clients.enrolment.refuse(enrolment_id, form.text(field))
    except ServiceUnavailable as failure:
        return await enrolments(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await enrolments(page, form.refused(refusal, **{field: "reason"}))
    return page.redirect(PATH, flash=f"Inscription refusée{_of(form)}. La famille est prévenue.")


def _of(form: Form) -> str:
    return f" : {form.text('libelle')}" if form.text("libelle") else ""


ROUTES = (
    get(PATH, enrolments, allow=DESK),
    post(f"{PATH}/{{enrolment_id}}/accepter", accept, allow=OFFICE),
    post(f"{PATH}/{{enrolment_id}}/refuser", refuse, allow=OFFICE),
)
