"""Families, as the staff find, import and amend them."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from contracts.roles import DESK, OFFICE, TILL
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.agents_payeurs import is_third_party
from gateway.pages.famille import SERVICE_FIELDS, address_of
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from gateway.readers import Enrolment, Family
from services.chassis.http_client import ServiceProblem, ServiceUnavailable

PATH = "/agents/familles"
PAGE_SIZE = 25


async def families(page: Page) -> web.StreamResponse:
    """A page of families, found by name or file number."""
    search = page.query.get("recherche")
    found = await or_unavailable(
        page.clients.accounts.families(search, page.query.number("page"), PAGE_SIZE)
    )
    return page.render(
        "agents/familles.html",
        partial="parties/familles.html",
        found=found,
        search=search,
        address=f"{PATH}?{urlencode({'recherche': search})}&" if search else f"{PATH}?",
    )


async def family(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """One family: its file, its enrolments, its invoices, its documents."""
    family_id = page.id("family_id")
    try:
        found = await or_unavailable(page.clients.accounts.family(family_id))
    except ServiceProblem as refusal:
        if refusal.status == HTTPStatus.NOT_FOUND and await is_third_party(page, family_id):
            return page.redirect(f"/agents/payeurs/{family_id}")
        raise
    may_amend = page.session.has(*OFFICE)
    return page.render(
        "agents/famille.html",
        family=found,
        panels=await panels(**_beside(page, family_id, found, for_office=may_amend)),
        family_id=family_id,
        form=form or Form(),
        away=away,
        may_amend=may_amend,
        may_collect=page.session.has(*TILL),
        year=page.today.year,
    )


def _beside(
    page: Page, family_id: UUID, found: Family | Unavailable, *, for_office: bool
) -> dict[str, Any]:
    """What the page shows beside the file, each by a request of its own."""
    clients = page.clients
    wanted: dict[str, Any] = {
        "enrolments": enrolments_of(page, found),
        "invoices": clients.billing.invoices(family_id=family_id),
        "papers": clients.enrolment.papers(family_id),
        "acts": clients.trail.of_family(family_id),
        "changes": clients.record.changes(family_id),
    }
    if for_office:
        wanted["documents"] = clients.documents.documents(family_id)
        wanted["messages"] = clients.notifications.messages(family_id)
    return wanted


async def enrolments_of(page: Page, family: Family | Unavailable) -> Sequence[Enrolment]:
    """The requests for each child of the family. Raises ServiceUnavailable."""
    if isinstance(family, Unavailable):
        return ()
    client = page.clients.enrolment
    found = await asyncio.gather(*(client.enrolments(None, c.child_id) for c in family.children))
    return [enrolment for of_child in found for enrolment in of_child]


async def amend(page: Page) -> web.StreamResponse:
    """Correct a guardian's details, the family's address and whether it lives in the town."""
    form, family_id = await page.form(), page.id("family_id")
    try:
        await page.clients.accounts.amend_family(
            family_id,
            guardian_id=form.id("responsable"),
            phone=form.text("telephone"),
            mail=form.text("mail"),
            address=address_of(form),
            resident=form.checked("resident"),
        )
    except ServiceUnavailable as failure:
        return await family(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(refusal, responsable="guardian_id", **SERVICE_FIELDS)
        return await family(page, refused)
    return page.redirect(f"{PATH}/{family_id}", flash="La fiche est enregistrée.")


async def statement_pdf(page: Page) -> web.StreamResponse:
    """The family's account over a year."""
    year = int(page.path_value("year"))
    return await page.send(page.clients.papers.statement(page.id("family_id"), year))


ROUTES = (
    get(PATH, families, allow=DESK),
    get(f"{PATH}/{{family_id}}", family, allow=DESK),
    get(rf"{PATH}/{{family_id}}/releves/{{year:20\d\d}}.pdf", statement_pdf, allow=DESK),
    post(f"{PATH}/{{family_id}}", amend, allow=OFFICE),
)
