"""Writing to all families of an activity: choose, look at it once more, send."""

from datetime import date
from typing import Final
from uuid import UUID

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, panels
from gateway.readers.notifications import Reach
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/messages"
# form field -> the name under which notifications refuses it
SERVICE_FIELDS: Final = {
    "activite": "activity_id",
    "jour": "day",
    "classe": "school_class",
    "objet": "subject",
    "texte": "body",
}

SHORTEST: Final = 3
WRITTEN: Final = (("objet", "Objet", 120), ("texte", "Texte", 4000))


async def messages(
    page: Page,
    form: Form | None = None,
    *,
    reach: Reach | None = None,
    away: Unavailable | None = None,
) -> web.StreamResponse:
    """What was written before, and the form; with `reach`, whom it would come to."""
    shown = await panels(
        broadcasts=page.clients.notifications.broadcasts(),
        activities=page.clients.enrolment.activities(),
    )
    return page.render(
        "agents/messages.html",
        panels=shown,
        form=form or Form(),
        reach=reach,
        away=away,
    )


async def preview(page: Page) -> web.StreamResponse:
    """The message as it would go, and to how many families; nothing is sent."""
    form = await page.form()
    try:
        reach = await page.clients.notifications.reach(*_audience(form))
        _text(form)
    except ServiceUnavailable as failure:
        return await messages(page, form, away=Unavailable(failure.service))
    except REFUSALS as refusal:
        return await messages(page, form.refused(refusal, **SERVICE_FIELDS))
    return await messages(page, form, reach=reach)


async def send(page: Page) -> web.StreamResponse:
    """Each family once."""
    form = await page.form()
    try:
        activity_id, day, school_class = _audience(form)
        subject, body = _text(form)
        sent = await page.clients.notifications.write_to_families(
            activity_id, subject, body, day, school_class
        )
    except ServiceUnavailable as failure:
        return await messages(page, form, away=Unavailable(failure.service))
    except REFUSALS as refusal:
        return await messages(page, form.refused(refusal, **SERVICE_FIELDS))
    several = "s" if sent.families > 1 else ""
    return page.redirect(PATH, flash=f"Message envoyé à {sent.families} famille{several}.")


def _audience(form: Form) -> tuple[UUID, date | None, str | None]:
    return form.id("activite"), form.date("jour", optional=True), form.text("classe") or None


def _text(form: Form) -> tuple[str, str]:
    """Raises FieldRefused: what lacks is told before anybody is asked to confirm."""
    found = []
    for name, what, longest in WRITTEN:
        text = form.text(name).replace("\r\n", "\n")
        if not SHORTEST <= len(text) <= longest:
            raise FieldRefused(name, f"{what} : de {SHORTEST} à {longest} caractères.")
        found.append(text)
    return found[0], found[1]


ROUTES = (
    get(PATH, messages, allow=OFFICE),
    post(f"{PATH}/apercu", preview, allow=OFFICE),
    post(PATH, send, allow=OFFICE),
)
