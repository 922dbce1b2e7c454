"""The passage to the next class: who goes where, the town's ladder, and doing it once a year."""

from datetime import date
from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/passage-de-classe"
# From this month on the school year that is prepared is the next one.
PREPARED_FROM: Final = 5
NOT_CHECKED: Final = "Cochez la case : le passage ne se défait pas."


async def passage(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What the passage would do, class by class."""
    found = await or_unavailable(page.clients.office.roll_over_preview())
    return page.render(
        "agents/passage.html",
        found=found,
        form=form or Form(),
        away=away,
        school_year=next_school_year(page.today),
    )


async def apply(page: Page) -> web.StreamResponse:
    """Move every child to its next class."""
    form = await page.form()
    try:
        if not form.checked("verifie"):
            raise FieldRefused("verifie", NOT_CHECKED)
        done = await page.clients.office.roll_over(form.text("annee"))
    except ServiceUnavailable as failure:
        return await passage(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await passage(page, form.refused(refusal, annee="school_year"))
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


def next_school_year(today: date) -> str:
    """The school year that the office prepares: « 2027-2028 » from May 2027 on."""
    first = today.year if today.month >= PREPARED_FROM else today.year - 1
    return f"{first}-{first + 1}"


ROUTES = (
    get(PATH, passage, allow=OFFICE),
    post(PATH, apply, allow=OFFICE),
    post(f"{PATH}/classes", keep_ladder, allow=OFFICE),
)
