"""The passage to the next class: who goes where, the town's ladder, and doing it once a year."""

import asyncio
from collections.abc import Collection
from datetime import date
from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.agents_seances import school_names
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/passage-de-classe"
# A school year begins in September and its passage is due from May on (as accounts holds it).
BEGINS: Final = 9
DUE_FROM: Final = 5
NOT_CHECKED: Final = "Cochez la case : le passage ne se défait pas."


async def passage(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What the passage would do, class by class."""
    found, shown = await asyncio.gather(
        or_unavailable(page.clients.office.roll_over_preview()),
        panels(schools=page.clients.enrolment.schools()),
    )
    done = () if isinstance(found, Unavailable) else found.done
    school_year = next_school_year(page.today, {one.school_year for one in done})
    return page.render(
        "agents/passage.html",
        found=found,
        form=form or Form(),
        away=away,
        schools=school_names(shown.schools),
        school_year=school_year,
        due=is_due(school_year, page.today),
    )


async def apply(page: Page) -> web.StreamResponse:
    """Move every child to its next class."""
    form = await page.form()
    try:
        if not form.checked("verifie"):
            raise FieldRefused("verifie", NOT_CHECKED)
        done = await page.clients.office.roll_over(form.text("annee"), form.text("confirmation"))
    except ServiceUnavailable as failure:
        return await passage(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await passage(
            page, form.refused(refusal, annee="school_year", confirmation="confirmed")
        )
    told = (
        f"Passage fait : {done.moved} enfants changent de classe, {done.leaving} quittent l’école."
    )
    return page.redirect(PATH, flash=told)


async def keep_ladder(page: Page) -> web.StreamResponse:
    """Change the order of the classes."""
    form = await page.form()
    steps = [line.strip() for line in form.text("classes").splitlines() if line.strip()]
    try:
        if not steps:
            raise FieldRefused("classes", "Donnez au moins une classe.")
        await page.clients.office.keep_class_ladder(steps)
    except ServiceUnavailable as failure:
        return await passage(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await passage(page, form.refused(refusal, classes="body"))
    return page.redirect(PATH, flash="L’ordre des classes est enregistré.")


def next_school_year(today: date, done: Collection[str] = ()) -> str:
    """The first school year that has neither begun nor been done."""
    first = today.year if today.month < BEGINS else today.year + 1
    while f"{first}-{first + 1}" in done:
        first += 1
    return f"{first}-{first + 1}"


def is_due(school_year: str, today: date) -> bool:
    """Whether its passage is of these months; otherwise accounts asks to confirm it."""
    return today.year == int(school_year[:4]) and DUE_FROM <= today.month < BEGINS


ROUTES = (
    get(PATH, passage, allow=OFFICE),
    post(PATH, apply, allow=OFFICE),
    post(f"{PATH}/classes", keep_ladder, allow=OFFICE),
)
