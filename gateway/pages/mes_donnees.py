"""One's own data: to take away, to have erased; and what the town keeps of anybody."""

from typing import Final
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE
from gateway.archive import family_archive, send_archive
from gateway.forms import REFUSALS, Form
from gateway.page import PUBLIC, Page, get, post
from gateway.panels import Unavailable, panels
from gateway.settings import SERVICES
from services.chassis.errors import NotFound
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/mes-donnees"
# form field -> the name under which accounts refuses it
SERVICE_FIELDS: Final = {"mot_de_passe": "password"}


async def own_data(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What can be done with one's data, and where a request for erasure stands."""
    client, family_id = page.clients.personal_data, own_family(page)
    shown = await panels(erasure=client.erasure(family_id), duties=client.duties(family_id))
    return page.render("mes_donnees.html", panels=shown, form=form or Form(), away=away)


async def own_archive(page: Page) -> web.StreamResponse:
    """All of one's data as one file."""
    return await archive_of(page, own_family(page))


async def family_data(page: Page) -> web.StreamResponse:
    """The same for the staff, of a family that asks at the desk."""
    family_id = page.id("family_id")
    await page.clients.accounts.family(family_id)  # 404 for a family that does not exist
    return await archive_of(page, family_id)


async def archive_of(page: Page, family_id: UUID) -> web.StreamResponse:
    """The family's archive, whole or not at all."""
    async with family_archive(page.portal, page.clients, family_id, page.now) as file:
        return await send_archive(page.request, file, page.now)


async def ask_erasure(page: Page) -> web.StreamResponse:
    """Ask for erasure, confirmed by the password."""
    form = await page.form()
    try:
        await page.clients.personal_data.ask_erasure(own_family(page), form.exact("mot_de_passe"))
    except ServiceUnavailable as failure:
        return await own_data(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await own_data(page, form.refused(refusal, **SERVICE_FIELDS))
    return page.redirect(PATH, flash="Votre demande est transmise au service enfance.")


async def withdraw_erasure(page: Page) -> web.StreamResponse:
    """Think better of it."""
    form = await page.form()
    try:
        await page.clients.personal_data.withdraw_erasure(own_family(page))
    except ServiceUnavailable as failure:
        return await own_data(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await own_data(page, form.refused(refusal))
    return page.redirect(PATH, flash="Votre demande est retirée.")


async def privacy(page: Page) -> web.StreamResponse:
    """What the town holds of families, why, and how long: from the services' own rules."""
    client = page.clients.personal_data
    shown = await panels(**{name: client.rules(name) for name in SERVICES})
    return page.render("confidentialite.html", panels=shown, services=SERVICES)


def own_family(page: Page) -> UUID:
    """The caller's family. Raises NotFound."""
    if page.session.family_id is None:
        raise NotFound
    return page.session.family_id


ROUTES = (
    get(PATH, own_data, allow={GUARDIAN}),
    get(f"{PATH}/archive.zip", own_archive, allow={GUARDIAN}),
    post(f"{PATH}/effacement", ask_erasure, allow={GUARDIAN}),
    post(f"{PATH}/effacement/retrait", withdraw_erasure, allow={GUARDIAN}),
    get("/agents/familles/{family_id}/archive.zip", family_data, allow=OFFICE),
    get("/confidentialite", privacy, allow=PUBLIC),
)
