"""Supporting documents: what was deposited, and a form to deposit more."""

from aiohttp import web

from contracts.roles import ADMIN, AGENT, GUARDIAN
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, panels
from services.chassis.http_client import ServiceUnavailable


async def documents(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """All of the family's documents."""
    shown = await panels(
        documents=page.clients.documents.documents(),
        types=page.clients.documents.types(),
        children=page.clients.enrolment.children(),
    )
    return page.render(
        "documents.html",
        panels=shown,
        form=form or Form(),
        away=away,
        wanted_type=page.query.get("type"),
        wanted_child=page.query.get("enfant"),
    )


async def deposit(page: Page) -> web.StreamResponse:
    """Take one file; it goes to the documents service as it arrives."""
    async with page.upload() as upload:
        form = upload.form
        try:
            await page.clients.documents.deposit(
                form.text("type"), upload, child_id=form.id("enfant", optional=True)
            )
        except ServiceUnavailable as failure:
            return await documents(page, form, Unavailable(failure.service))
        except REFUSALS as refusal:
            refused = form.refused(refusal, enfant="child_id", fichier="file")
            return await documents(page, refused)
    return page.redirect("/documents", flash="Votre document est déposé, merci.")


async def content(page: Page) -> web.StreamResponse:
    """The file itself, for its owner and the office."""
    return await page.send(page.clients.documents.content(page.id("document_id")))


ROUTES = (
    get("/documents", documents, allow={GUARDIAN}),
    post("/documents", deposit, allow={GUARDIAN}, upload=True),
    get("/documents/{document_id}/contenu", content, allow={GUARDIAN, AGENT, ADMIN}),
)
