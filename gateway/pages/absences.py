"""Absences: a parent declares them, sees what they are charged, hands in a certificate."""

from typing import Final

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.formats import ABSENCE_REASONS
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages import answering
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/absences"
DECLARED: Final = "L’absence est déclarée. Les équipes sont prévenues."
EXCUSED: Final = "L’absence est déclarée, et justifiée par le certificat déjà déposé."


async def absences(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What was declared, and the form to declare more."""
    clients = page.clients
    shown = await panels(absences=clients.roll.absences(), children=clients.enrolment.children())
    return page.render(
        "absences.html",
        panels=shown,
        form=form or Form(),
        away=away,
        reasons=tuple(ABSENCE_REASONS.items()),
        reason_words=ABSENCE_REASONS,
        wanted_child=page.query.get("enfant"),
    )


async def declare(page: Page) -> web.StreamResponse:
    """Declare an absence of one day or several."""
    form = await page.form()
    try:
        first = form.date("du")
        stated = await page.clients.roll.declare_absence(
            form.id("enfant"), first, form.date("au", optional=True) or first, form.text("raison")
        )
    except ServiceUnavailable as failure:
        return await absences(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, enfant="child_id", du="from", au="to", raison="reason_kind")
        return await absences(page, refused)
    return page.redirect(PATH, flash=EXCUSED if stated.state == "excused" else DECLARED)


async def withdraw(page: Page) -> web.StreamResponse:
    """The child comes after all."""
    asked, order = page.id("absence_id"), page.clients.roll.withdraw_absence
    refused = await answering.accept(page, absences, asked, order)
    told = "La déclaration est retirée : l’enfant est attendu."
    return refused or page.redirect(PATH, flash=told)


ROUTES = (
    get(PATH, absences, allow={GUARDIAN}),
    post(PATH, declare, allow={GUARDIAN}),
    post(f"{PATH}/{{absence_id}}/retirer", withdraw, allow={GUARDIAN}),
)
