"""Sessions of a day, and the roll of one, which a tablet goes on taking without a network."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from contracts.roles import ROLL, STAFF
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import PUBLIC, Page, get, post
from gateway.pages.agents_accueil import bars
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.query import Query
from gateway.readers import School
from gateway.readers.roll import Roster
from services.chassis.clock import PARIS
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/seances"
WORKER: Final = "js/hors-ligne.js"
STATES: Final = (("present", "Présent"), ("absent", "Absent"), ("excused", "Justifié"))
STATE_PREFIX: Final = "etat-"
# What stood there when the page was made: only what is different is said.
BEFORE_PREFIX: Final = "avant-"
ARRIVAL_PREFIX: Final = "arrivee-"
DEPARTURE_PREFIX: Final = "depart-"
SORTS: Final = (
    ("name", "Nom"),
    ("class", "Classe"),
    ("school", "École"),
    ("age", "Âge"),
)


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
    """Who is expected, what must be known of each, and the boxes of the roll."""
    choice = choice_of(page.query)
    clients = page.clients
    found, shown = await asyncio.gather(
        or_unavailable(clients.roll.roster(page.id("session_id"), **choice)),
        panels(names=clients.accounts.staff_names(), schools=clients.enrolment.schools()),
    )
    names = {} if is_unavailable(shown.names) else shown.names
    return page.render(
        "agents/pointage.html",
        roster=found,
        form=form or Form(),
        away=away,
        choice=choice,
        sorts=SORTS,
        states=STATES,
        notes_hours=not isinstance(found, Unavailable) and notes_hours(found),
        names=names,
        markers=markers(found, names, page.session.account_id),
        schools=school_names(shown.schools),
    )


def markers(
    roster: Roster | Unavailable, names: Mapping[UUID, str], account_id: UUID
) -> dict[str, str]:
    """Account → name of whoever marks here, and of those who did; for the page's script."""
    children = () if isinstance(roster, Unavailable) else roster.children
    known = {account_id, *(child.marked_by for child in children if child.marked_by)}
    return {str(one): names[one] for one in known if one in names}


def choice_of(query: Query) -> dict[str, Any]:
    """Which children the address asks for, without what makes no sense."""
    asked: dict[str, Any] = {
        "school_code": query.get("ecole")[:100] or None,
        "school_class": query.get("classe")[:100] or None,
        "min_age": query.number("age_min", 0) or None,
        "max_age": query.number("age_max", 0) or None,
        "sort": query.get("tri") if query.get("tri") in dict(SORTS) else None,
    }
    ages = {name: value for name, value in asked.items() if name.endswith("age")}
    return asked | {name: age if age and age <= 99 else None for name, age in ages.items()}


def school_names(schools: Sequence[School] | Unavailable) -> dict[str, str]:
    """School code → name; none while enrolment is away."""
    return {} if isinstance(schools, Unavailable) else {s.code: s.name for s in schools}


def notes_hours(roster: Roster) -> bool:
    """Whether hours of arrival and departure matter: nobody is fetched from lunch."""
    return roster.session.kind != "canteen"


async def record(page: Page) -> web.StreamResponse:
    """Save the roll; a second time corrects the first."""
    form, session_id = await page.form(), page.id("session_id")
    try:
        marks = marks_of(form)
        if not marks:
            raise FieldRefused("etat", "Pointez au moins un enfant.")
        await page.clients.roll.record_attendance(session_id, marks)
    except ServiceUnavailable as failure:
        return await roster(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await roster(page, form.refused(refusal))
    told = f"Pointage enregistré pour {len(marks)} enfant{'s' if len(marks) > 1 else ''}."
    return page.redirect(f"{PATH}/{session_id}", flash=told)


def marks_of(form: Form) -> list[dict[str, Any]]:
    """What the form says that did not stand there before.

    With "all present", everyone expected who is not marked otherwise as well.
    """
    marks = [_mark(form, child_id) for child_id in form.ids("enfant")]
    came = [
        {"child_id": str(child_id), "state": "present"} for child_id in form.ids("sans_reservation")
    ]
    return [mark for mark in marks if mark] + came


def _mark(form: Form, child_id: UUID) -> dict[str, Any]:
    """What is said of this child; empty when nothing is, or nothing new."""
    arrival, departure = (
        form.text(f"{prefix}{child_id}") for prefix in (ARRIVAL_PREFIX, DEPARTURE_PREFIX)
    )
    state = form.text(f"{STATE_PREFIX}{child_id}")
    if not state and (arrival or departure or form.checked("tous")):
        state = "present"
    if not state or form.text(f"{BEFORE_PREFIX}{child_id}") == f"{state}/{arrival}/{departure}":
        return {}
    mark: dict[str, Any] = {"child_id": str(child_id), "state": state}
    if state == "present" and form.text("heures"):
        day = form.date("heures")
        mark["arrived_at"] = hour_of(day, arrival, f"{ARRIVAL_PREFIX}{child_id}")
        mark["left_at"] = hour_of(day, departure, f"{DEPARTURE_PREFIX}{child_id}")
    return mark


def hour_of(day: date, text: str, field: str) -> str | None:
    """The instant of a time of that day in Paris; none of an empty field. Raises FieldRefused."""
    if not text:
        return None
    try:
        return datetime.combine(day, time.fromisoformat(text), tzinfo=PARIS).isoformat()
    except ValueError:
        raise FieldRefused(field, "Saisissez une heure, par exemple 16:45.") from None


async def worker(page: Page) -> web.StreamResponse:
    """The script that keeps the roll's page for when there is no network."""
    return page.portal.assets.unversioned(WORKER)


ROUTES = (
    get(PATH, sessions, allow=STAFF),
    # Public, for a browser looks for a newer one whoever is signed in; it holds no data.
    get(f"{PATH}/hors-ligne.js", worker, allow=PUBLIC),
    get(f"{PATH}/{{session_id}}", roster, allow=ROLL),
    post(f"{PATH}/{{session_id}}", record, allow=ROLL),
)
