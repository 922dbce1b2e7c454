"""Sessions of a day, and the roll of one."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from aiohttp import web

from contracts.roles import ROLL, STAFF
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.agents_accueil import bars
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/seances"
STATES: Final = (("present", "Présent"), ("absent", "Absent"), ("excused", "Justifié"))
STATE_PREFIX: Final = "etat-"


async def sessions(page: Page) -> web.StreamResponse:
    """The sessions of one day."""
    day = page.query.day("date")
    shown = await panels(sessions=page.clients.reservations.sessions(day, day))
    found = () if is_unavailable(shown.sessions) else shown.sessions
    return page.render(
        "agents/seances.html",
        panels=shown,
        day=day,
        previous=day - timedelta(days=1),
        next=day + timedelta(days=1),
        bars=bars(found),
        may_mark=page.session.has(*ROLL),
    )


async def roster(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """Who is expected, with diets and allergies, and the boxes of the roll."""
    found = await or_unavailable(page.clients.reservations.roster(page.id("session_id")))
    return page.render(
        "agents/pointage.html",
        roster=found,
        form=form or Form(),
        away=away,
        states=STATES,
        prefix=STATE_PREFIX,
    )


async def record(page: Page) -> web.StreamResponse:
    """Save the roll; a second time corrects the first."""
    form, session_id = await page.form(), page.id("session_id")
    try:
        states = states_of(form)
        if not states:
            raise FieldRefused("etat", "Pointez au moins un enfant.")
        await page.clients.reservations.record_attendance(session_id, states)
    except ServiceUnavailable as failure:
        return await roster(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await roster(page, form.refused(refusal))
    told = f"Pointage enregistré pour {len(states)} enfant{'s' if len(states) > 1 else ''}."
    return page.redirect(f"{PATH}/{session_id}", flash=told)


def states_of(form: Form) -> dict[UUID, str]:
    """child → state; with "all present", everyone expected who is not marked otherwise."""
    states: dict[UUID, str] = {}
    for child_id in form.ids("enfant"):
        state = form.text(f"{STATE_PREFIX}{child_id}")
        if not state and form.checked("tous"):
            state = "present"
        if state:
            states[child_id] = state
    for child_id in form.ids("sans_reservation"):
        states[child_id] = "present"
    return states


ROUTES = (
    get(PATH, sessions, allow=STAFF),
    get(f"{PATH}/{{session_id}}", roster, allow=ROLL),
    post(f"{PATH}/{{session_id}}", record, allow=ROLL),
)
