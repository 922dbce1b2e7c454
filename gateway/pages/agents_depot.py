"""Papers handed in at the counter or sent by post: the office deposits them for a family."""

from typing import Final

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.agents_pieces import QUEUE_PATH
from gateway.pages.documents import SERVICE_FIELDS, received, replacing
from gateway.pages.required import or_unavailable
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/familles/{family_id}/documents"
DEPOSITED: Final = "Le document est déposé. Vérifiez-le : il compte dès qu’il est accepté."
QUARANTINED: Final = "Le document est déposé. Il est à vérifier après l’analyse antivirus."


async def counter(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The form to deposit a paper for the family."""
    family_id = page.id("family_id")
    family = await or_unavailable(page.clients.accounts.family(family_id))
    shown = await panels(
        documents=page.clients.documents.documents(family_id),
        types=page.clients.documents.types(),
    )
    return page.render(
        "agents/depot.html",
        family=family,
        panels=shown,
        family_id=family_id,
        replaced=replacing(shown.documents, page.query.id("remplace"), form),
        form=form or Form(),
        away=away,
        wanted_type=page.query.get("type"),
        wanted_child=page.query.get("enfant"),
        max_megabytes=page.portal.settings.document_max_megabytes,
    )


async def deposit(page: Page) -> web.StreamResponse:
    """Take the file or files; the office goes on to check what came out of them."""
    family_id = page.id("family_id")
    async with page.upload() as upload:
        form = upload.form
        try:
            document = await received(page, upload, family_id)
        except ServiceUnavailable as failure:
            return await counter(page, form, Unavailable(failure.service))
        except REFUSALS as refusal:
            return await counter(page, form.refused(refusal, **SERVICE_FIELDS))
    if document.state == "quarantined":
        return page.redirect(f"/agents/familles/{family_id}", flash=QUARANTINED)
    return page.redirect(f"{QUEUE_PATH}/{document.document_id}", flash=DEPOSITED)


ROUTES = (
    get(PATH, counter, allow=OFFICE),
    post(PATH, deposit, allow=OFFICE, upload=True),
)
