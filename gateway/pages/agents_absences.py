"""Absences for the office: those that wait for a certificate, and those decided."""

from collections.abc import Awaitable
from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.labels import ABSENCE_REASONS
from gateway.page import Page, get, post
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/absences"
STATES: Final = (
    ("declared", "À justifier"),
    ("excused", "Justifiées"),
    ("refused", "Non justifiées"),
    ("withdrawn", "Retirées"),
)


async def absences(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The absences of one state, with what the office can do."""
    asked = page.query.get("etat", "declared")
    state = asked if asked in dict(STATES) else "declared"
    shown = await panels(absences=page.clients.roll.absences(state))
    return page.render(
        "agents/absences.html",
        panels=shown,
        form=form or Form(),
        away=away,
        states=STATES,
        state=state,
        reason_words=ABSENCE_REASONS,
    )


async def excuse(page: Page) -> web.StreamResponse:
    """The certificate was seen; a late one only when the office says so."""
    form = await page.form()
    try:
        handed_in_on = form.date("certificat", optional=True) or page.today
    except FieldRefused as refusal:
        return await absences(page, form.refused(refusal))
    excused = page.clients.roll.excuse_absence(
        page.id("absence_id"), handed_in_on, override=form.checked("malgre_retard")
    )
    return await _done(page, form, excused, "L’absence est justifiée.")


async def refuse(page: Page) -> web.StreamResponse:
    """Not excused, with a reason for the family."""
    form = await page.form()
    refused = page.clients.roll.refuse_absence(page.id("absence_id"), form.text("motif"))
    return await _done(page, form, refused, "L’absence n’est pas justifiée ; la famille le voit.")


async def _done(page: Page, form: Form, command: Awaitable[None], told: str) -> web.StreamResponse:
    try:
        await command
    except ServiceUnavailable as failure:
        return await absences(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await absences(
            page, form.refused(refusal, motif="reason", certificat="certificate_on")
        )
    return page.redirect(PATH, flash=told)


ROUTES = (
    get(PATH, absences, allow=OFFICE),
    post(f"{PATH}/{{absence_id}}/justifier", excuse, allow=OFFICE),
    post(f"{PATH}/{{absence_id}}/refuser", refuse, allow=OFFICE),
)
