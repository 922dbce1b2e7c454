"""The office publishes the town's documents, replaces and withdraws them."""

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.pages.documents_ville import KINDS
from services.chassis.errors import NotFound

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


async def publication(page: Page, form: Form | None = None) -> web.StreamResponse:
    """One that is handed out, to be replaced or withdrawn."""
    wanted = page.id("publication_id")
    for found in await page.clients.publications.all():
        if found.publication_id == wanted and not found.withdrawn_at:
            return page.render("agents/publication.html", publication=found, form=form or Form())
    raise NotFound


async def replace(page: Page) -> web.StreamResponse:
    """Another file in its place."""
    async with page.upload() as upload:
        try:
            made = await page.clients.publications.replace(page.id("publication_id"), upload)
        except REFUSALS as refusal:
            return await publication(page, upload.form.refused(refusal, fichier="file"))
    return page.redirect(HOME, flash=f"« {made.title} » est remplacé (version {made.version}).")


async def withdraw(page: Page) -> web.StreamResponse:
    """Hand it out no longer."""
    await page.clients.publications.withdraw(page.id("publication_id"))
    return page.redirect(HOME, flash="Le document n’est plus proposé aux familles.")


ROUTES = (
    get(HOME, publications, allow=OFFICE),
    post(HOME, publish, allow=OFFICE, upload=True),
    get(f"{HOME}/{{publication_id}}", publication, allow=OFFICE),
    post(f"{HOME}/{{publication_id}}/remplacer", replace, allow=OFFICE, upload=True),
    post(f"{HOME}/{{publication_id}}/retirer", withdraw, allow=OFFICE),
)
