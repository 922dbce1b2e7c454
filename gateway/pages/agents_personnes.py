"""Records opened by hand, and who leaves one or comes first in it: for the office."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages import agents_familles, agents_fiche, answering
from gateway.pages.foyer import ADDRESS_FIELDS, MOST_CHILDREN, household_of
from gateway.panels import Unavailable
from services.chassis.http_client import ServiceUnavailable

NEW_PATH: Final = "/agents/familles/nouvelle"
FAMILY_PATH: Final = "/agents/familles/{family_id}"


async def new_family(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The form: adults, address, children."""
    return page.render(
        "agents/nouvelle_famille.html", form=form or Form(), away=away, most_children=MOST_CHILDREN
    )


async def open_family(page: Page) -> web.StreamResponse:
    """Open the record, unless a family resembles it and nobody has said that it is another."""
    form, fields = await page.form(), dict(ADDRESS_FIELDS)
    try:
        household = household_of(form, fields, least_children=0)
        family = await page.clients.record.open_record(
            {
                **household,
                "resident": form.checked("resident"),
                "although_alike": form.checked("autre_famille"),
            }
        )
    except ServiceUnavailable as failure:
        return await new_family(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        return await new_family(page, form.refused(refusal, **fields))
    return page.redirect(
        f"/agents/familles/{family.family_id}", flash=f"Le dossier {family.reference} est créé."
    )


async def remove_guardian(page: Page) -> web.StreamResponse:
    """Take a guardian out of the record."""
    asked, order = page.id("guardian_id"), page.clients.record.remove_guardian
    refused = await answering.accept(page, agents_fiche.guardian, asked, _of_family(page, order))
    told = "Cette personne ne figure plus dans le dossier ; son compte est fermé."
    return refused or _to_family(page, told)


async def remove_child(page: Page) -> web.StreamResponse:
    """Take a child out of the record."""
    asked, order = page.id("child_id"), page.clients.record.remove_child
    refused = await answering.accept(page, agents_fiche.child, asked, _of_family(page, order))
    return refused or _to_family(page, "L’enfant ne figure plus dans le dossier.")


async def put_first(page: Page) -> web.StreamResponse:
    """Have a guardian receive the family's messages."""
    asked, order = page.id("guardian_id"), page.clients.record.put_first
    refused = await answering.accept(page, agents_familles.family, asked, _of_family(page, order))
    return refused or _to_family(page, "Les messages de la famille lui seront adressés.")


def _of_family(
    page: Page, order: Callable[[UUID, UUID], Awaitable[Any]]
) -> Callable[[UUID], Awaitable[Any]]:
    """The order about a person of the family that the address names."""
    return partial(order, page.id("family_id"))


def _to_family(page: Page, flash: str) -> web.Response:
    return page.redirect(f"/agents/familles/{page.id('family_id')}", flash=flash)


ROUTES = (
    get(NEW_PATH, new_family, allow=OFFICE),
    post(NEW_PATH, open_family, allow=OFFICE),
    post(FAMILY_PATH + "/responsables/{guardian_id}/retirer", remove_guardian, allow=OFFICE),
    post(FAMILY_PATH + "/responsables/{guardian_id}/premier", put_first, allow=OFFICE),
    post(FAMILY_PATH + "/enfants/{child_id}/retirer", remove_child, allow=OFFICE),
)
