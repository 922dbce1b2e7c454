"""Enrolments: their state, and a new request in three steps."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import (
    Activity,
    Enrolment,
    EnrolmentChild,
    Paper,
    Regulations,
)
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

T = TypeVar("T")

ENROLMENTS_PATH = "/inscriptions"
REGULATIONS_NOT_ACCEPTED = "Acceptez le règlement intérieur pour envoyer la demande."


async def enrolments(page: Page) -> web.StreamResponse:
    """Every request of the family, by child."""
    shown = await panels(enrolments=page.clients.enrolment.enrolments())
    return page.render("inscriptions.html", panels=shown, by_child=by_child(shown.enrolments))


async def new_enrolment(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The step that the address asks for: a child, an activity, the regulations."""
    form = form or Form()
    clients = page.clients
    shown = await panels(
        children=clients.enrolment.children(),
        activities=clients.enrolment.activities(),
        enrolments=clients.enrolment.enrolments(),
    )
    if is_unavailable(shown.children) or is_unavailable(shown.activities):
        return page.render("inscription_nouvelle.html", step=0, panels=shown, form=form)
    child = _chosen(page, form, "enfant", {c.child_id: c for c in shown.children})
    activity = _chosen(page, form, "activite", {a.activity_id: a for a in shown.activities})
    return page.render(
        "inscription_nouvelle.html",
        step=1 if child is None else 2 if activity is None else 3,
        panels=shown,
        form=form,
        away=away,
        child=child,
        activity=activity,
        taken=taken_activities(shown.enrolments, child.child_id if child else None),
        regulations=await _regulations(page, activity),
        papers=await _papers(page, child, activity),
    )


async def _papers(
    page: Page, child: EnrolmentChild | None, activity: Activity | None
) -> Sequence[Paper] | Unavailable:
    """What the activity asks for this child, and where the family stands with each paper."""
    if child is None or activity is None:
        return ()
    wanted = page.clients.enrolment.papers(
        child_id=child.child_id, activity_id=activity.activity_id
    )
    found = await or_unavailable(wanted)
    return found if isinstance(found, Unavailable) else found.papers


async def _regulations(page: Page, activity: Activity | None) -> Regulations | None:
    """The text that the last step asks to accept; None before it, or while it cannot be had."""
    if activity is None:
        return None
    try:
        return await page.clients.enrolment.regulations(activity.school_year)
    except (ServiceProblem, ServiceUnavailable):
        return None


async def request_enrolment(page: Page) -> web.StreamResponse:
    """Send the request to the staff."""
    form = await page.form()
    try:
        if not form.checked("reglement"):
            raise FieldRefused("reglement", REGULATIONS_NOT_ACCEPTED)
        await page.clients.enrolment.request_enrolment(
            form.id("enfant"), form.id("activite"), regulations_accepted=True
        )
    except ServiceUnavailable as failure:
        return await new_enrolment(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(
            refusal, enfant="child_id", activite="activity_id", reglement="regulations_accepted"
        )
        return await new_enrolment(page, refused)
    sent = "Votre demande est envoyée. Le service enfance vous répondra par message."
    return page.redirect(ENROLMENTS_PATH, flash=sent)


def by_child(found: Sequence[Enrolment] | Unavailable) -> dict[str, list[Enrolment]]:
    """The requests under each child's name, in the order given."""
    grouped: dict[str, list[Enrolment]] = {}
    if not isinstance(found, Unavailable):
        for enrolment in found:
            grouped.setdefault(enrolment.child_name, []).append(enrolment)
    return grouped


def taken_activities(
    found: Sequence[Enrolment] | Unavailable, child_id: UUID | None
) -> dict[UUID, str]:
    """The activities that this child is enrolled in or asked for, with the request's state."""
    if isinstance(found, Unavailable):
        return {}
    asked = (e for e in found if e.child_id == child_id and e.status != "refused")
    return {enrolment.activity_id: enrolment.status for enrolment in asked}


def _chosen(page: Page, form: Form, name: str, among: Mapping[UUID, T]) -> T | None:
    """The choice that the form or the address names, if it is one."""
    try:
        chosen = form.id(name, optional=True)
    except FieldRefused:
        chosen = None
    named = chosen or page.query.id(name)
    return among.get(named) if named else None


ROUTES = (
    get(ENROLMENTS_PATH, enrolments, allow={GUARDIAN}),
    get("/inscriptions/nouvelle", new_enrolment, allow={GUARDIAN}),
    post("/inscriptions/nouvelle", request_enrolment, allow={GUARDIAN}),
)
