"""Absences: a parent declares them, sees what they are charged, hands in a certificate."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, Form
from gateway.labels import ABSENCE_REASONS
from gateway.page import Page, get, post
from gateway.pages import answering
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import Calendar
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/absences"
DECLARED: Final = "L’absence est déclarée. Les équipes sont prévenues."
LONGEST: Final = timedelta(days=62)  # as many days as the calendar tells of at once
EXCUSED: Final = "L’absence est déclarée, et justifiée par le certificat déjà déposé."


async def absences(
    page: Page,
    form: Form | None = None,
    away: Unavailable | None = None,
    free: Sequence[date] = (),
) -> web.StreamResponse:
    """What was declared, and the form to declare more; `free`: days still free to cancel."""
    clients = page.clients
    shown = await panels(absences=clients.roll.absences(), children=clients.enrolment.children())
    return page.render(
        "absences.html",
        panels=shown,
        form=form or Form(),
        away=away,
        free=free,
        reasons=tuple(ABSENCE_REASONS.items()),
        reason_words=ABSENCE_REASONS,
        wanted_child=page.query.get("enfant"),
    )


async def declare(page: Page) -> web.StreamResponse:
    """Declare an absence of one day or several; what is free to cancel is asked about first."""
    form = await page.form()
    try:
        child_id, first = form.id("enfant"), form.date("du")
        last = form.date("au", optional=True) or first
        if form.text("quand_meme") != f"{child_id} {first} {last}":
            free = await _free_days(page, child_id, first, last)
            if free:
                return await absences(page, form, free=free)
        stated = await page.clients.roll.declare_absence(child_id, first, last, form.text("raison"))
    except ServiceUnavailable as failure:
        return await absences(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, enfant="child_id", du="from", au="to", raison="reason_kind")
        return await absences(page, refused)
    return page.redirect(PATH, flash=EXCUSED if stated.state == "excused" else DECLARED)


async def _free_days(page: Page, child_id: UUID, first: date, last: date) -> list[date]:
    """The days on which a place can still be given back without charge; none where unknown."""
    if not first <= last < first + LONGEST:
        return []
    asked = page.clients.reservations.calendar(first, last, child_id)
    found = (await panels(calendar=asked)).calendar
    return [] if is_unavailable(found) else free_to_cancel(found, child_id, page.now)


def free_to_cancel(calendar: Calendar, child_id: UUID, now: datetime) -> list[date]:
    """The days whose reservations of the child cost nothing yet when cancelled."""
    return [
        day.date
        for day in calendar.days
        if any(
            entry.child_id == child_id
            and entry.reservation_id is not None
            and entry.cancel_until is not None
            and now <= entry.cancel_until
            for entry in day.entries
        )
    ]


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
