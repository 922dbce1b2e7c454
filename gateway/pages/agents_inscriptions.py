"""Enrolment requests, as the staff look for them and decide."""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from contracts.roles import DESK, OFFICE
from gateway.flash import Tone
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/inscriptions"
FILTERS: Final = (
    ("submitted", "En attente"),
    ("returned", "À compléter"),
    ("waiting", "Liste d’attente"),
    ("accepted", "Acceptées"),
    ("refused", "Refusées"),
    ("withdrawn", "Retirées"),
)
PAGE_SIZE: Final = 25


async def enrolments(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The requests in one state, of one activity and school year or all."""
    state = page.query.get("etat")
    if state not in dict(FILTERS):
        state = "submitted"
    activity_id, year = page.query.id("activite"), page.query.get("annee")
    enrolment = page.clients.enrolment
    shown = await panels(activities=enrolment.activities(), years=enrolment.school_years())
    known_years = () if isinstance(shown.years, Unavailable) else shown.years
    year = year if year in {one.label for one in known_years} else ""
    number = page.query.number("page")
    found = await or_unavailable(
        enrolment.page_of_enrolments(
            status=state,
            activity_id=activity_id,
            school_year=year or None,
            page=min(number, 10_000),
            size=PAGE_SIZE,
        )
    )
    chosen = {"activite": str(activity_id) if activity_id else "", "annee": year}
    return page.render(
        "agents/inscriptions.html",
        found=found,
        panels=shown,
        number=number,
        size=PAGE_SIZE,
        state=state,
        chosen=chosen,
        narrowing=urlencode({name: value for name, value in chosen.items() if value}),
        filters=FILTERS,
        all_ticked=page.query.get("cocher") == "toutes",
        form=form or Form(),
        away=away,
        may_decide=page.session.has(*OFFICE),
    )


async def accept(page: Page) -> web.StreamResponse:
    """Accept the request; the family is told by message."""
    accepted = "Inscription acceptée{of}. La famille est prévenue."
    return await _done(page, lambda _: page.clients.enrolment.accept(_id(page)), accepted)


async def refuse(page: Page) -> web.StreamResponse:
    """Refuse it, with a reason that the family reads."""

    async def act(form: Form) -> None:
        reason = _required(form, f"motif-{_id(page)}", "Indiquez le motif : la famille le lira.")
        await page.clients.enrolment.refuse(_id(page), reason)

    field = {f"motif-{_id(page)}": "reason"}
    return await _done(page, act, "Inscription refusée{of}. La famille est prévenue.", **field)


async def send_back(page: Page) -> web.StreamResponse:
    """Ask the family to complete it."""

    async def act(form: Form) -> None:
        note = _required(form, f"manque-{_id(page)}", "Indiquez ce qui manque.")
        await page.clients.enrolment.send_back(_id(page), note)

    field = {f"manque-{_id(page)}": "note"}
    return await _done(page, act, "Demande renvoyée à la famille{of}, à compléter.", **field)


async def put_on_waiting_list(page: Page) -> web.StreamResponse:
    """Keep it on the waiting list, in the order of its arrival."""
    waits = "Demande mise en liste d’attente{of}."
    return await _done(page, lambda _: page.clients.enrolment.put_on_waiting_list(_id(page)), waits)


async def withdraw(page: Page) -> web.StreamResponse:
    """End an enrolment after a day, or take a request back for the family."""
    name = f"dernier-{_id(page)}"

    async def act(form: Form) -> None:
        await page.clients.enrolment.withdraw(_id(page), form.date(name, optional=True))

    field = {name: "ends_on"}
    return await _done(page, act, "Inscription retirée{of}. La famille est prévenue.", **field)


async def accept_several(page: Page) -> web.StreamResponse:
    """Accept what was ticked; what cannot be is told."""
    form = await page.form()
    try:
        chosen = form.ids("demande")
        if not chosen:
            raise FieldRefused("demande", "Cochez au moins une demande.")
        outcomes = await page.clients.enrolment.accept_several(chosen)
    except ServiceUnavailable as failure:
        return await enrolments(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await enrolments(page, form.refused(refusal))
    accepted = sum(one.outcome == "accepted" for one in outcomes)
    refused = [one.detail or "" for one in outcomes if one.outcome != "accepted"]
    told = f"{accepted} inscriptions acceptées." if accepted > 1 else "Inscription acceptée."
    if refused:
        why = " ".join(dict.fromkeys(refused))
        told = f"Acceptées : {accepted}. Sans suite : {len(refused)}. {why}"
    tone: Tone = "warning" if refused else "success"
    return page.redirect(page.wanted_path(PATH), flash=told, tone=tone)


async def _done(
    page: Page, act: Callable[[Form], Awaitable[None]], told: str, **service_fields: str
) -> web.StreamResponse:
    """Do it and go back to where one was; `{of}` in the message is the request's name."""
    form = await page.form()
    try:
        await act(form)
    except ServiceUnavailable as failure:
        return await enrolments(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await enrolments(page, form.refused(refusal, **service_fields))
    name = f" : {form.text('libelle')}" if form.text("libelle") else ""
    return page.redirect(page.wanted_path(PATH), flash=told.format(of=name))


def _id(page: Page) -> UUID:
    return page.id("enrolment_id")


def _required(form: Form, name: str, message: str) -> str:
    if not form.text(name):
        raise FieldRefused(name, message)
    return form.text(name)


ROUTES = (
    get(PATH, enrolments, allow=DESK),
    post(f"{PATH}/accepter", accept_several, allow=OFFICE),
    post(f"{PATH}/{{enrolment_id}}/accepter", accept, allow=OFFICE),
    post(f"{PATH}/{{enrolment_id}}/completer", send_back, allow=OFFICE),
    post(f"{PATH}/{{enrolment_id}}/attente", put_on_waiting_list, allow=OFFICE),
    post(f"{PATH}/{{enrolment_id}}/refuser", refuse, allow=OFFICE),
    post(f"{PATH}/{{enrolment_id}}/retirer", withdraw, allow=OFFICE),
)
