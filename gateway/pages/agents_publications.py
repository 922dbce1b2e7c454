"""The office publishes the town's documents, replaces and withdraws them."""

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.documents_ville import KINDS

HOME = "/agents/publications"


async def publications(page: Page, form: Form | None = None) -> web.StreamResponse:
    """Those that are handed out, those that were, and the form for another."""
    found = await page.clients.publications.all()
    return page.render(
        "agents/publications.html",
        handed_out=[p for p in found if not p.withdrawn_at],
        withdrawn=[p for p in found if p.withdrawn_at],
        kinds=KINDS,
        form=form or Form(),
    )


async def publish(page: Page) -> web.StreamResponse:
    """Hand out a document."""
    async with page.upload() as upload:
        form = upload.form
        try:
            made = await page.clients.publications.publish(
                upload,
                title=form.text("titre"),
                kind=form.text("sorte"),
                audience="families" if form.checked("reserve") else "everyone",
                valid_from=form.date("debut"),
                valid_until=form.date("fin", optional=True),
            )
        except REFUSALS as refusal:
            refused = form.refused(
                refusal,
                titre="title",
                sorte="kind",
                debut="valid_from",
                fin="valid_until",
                fichier="file",
            )
            return await publications(page, refused)
    return page.redirect(HOME, flash=f"« {made.title} » est publié.")


async def replace(page: Page) -> web.StreamResponse:
    """Another file in its place."""
    async with page.upload() as upload:
        try:
            made = await page.clients.publications.replace(page.id("publication_id"), upload)
        except REFUSALS as refusal:
            return await publications(page, upload.form.refused(refusal, remplacement="file"))
    return page.redirect(HOME, flash=f"« {made.title} » est remplacé (version {made.version}).")


async def withdraw(page: Page) -> web.StreamResponse:
    """Hand it out no longer."""
    await page.clients.publications.withdraw(page.id("publication_id"))
    return page.redirect(HOME, flash="Le document n’est plus proposé aux familles.")


ROUTES = (
    get(HOME, publications, allow=OFFICE),
    post(HOME, publish, allow=OFFICE, upload=True),
    post(f"{HOME}/{{publication_id}}/remplacer", replace, allow=OFFICE, upload=True),
    post(f"{HOME}/{{publication_id}}/retirer", withdraw, allow=OFFICE),
)
