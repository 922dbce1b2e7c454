"""The print tray: letters that wait, batches printed before."""

from aiohttp import web

from contracts.roles import OFFICE
from gateway.page import Page, get, post
from gateway.panels import panels

PATH = "/agents/courriers"


async def letters(page: Page) -> web.StreamResponse:
    """What waits to be printed, and what was."""
    notifications = page.clients.notifications
    shown = await panels(
        tray=notifications.letters(status="to_print"), batches=notifications.print_batches()
    )
    return page.render("agents/courriers.html", panels=shown)


async def print_all(page: Page) -> web.StreamResponse:
    """All waiting letters as one PDF; they count as printed from then on."""
    return await page.send(page.clients.notifications.print_letters())


async def letter_pdf(page: Page) -> web.StreamResponse:
    """One letter, to look at."""
    return await page.send(page.clients.notifications.letter_pdf(page.id("letter_id")))


async def batch_pdf(page: Page) -> web.StreamResponse:
    """A batch once more, for when the printer jammed."""
    return await page.send(page.clients.notifications.print_batch_pdf(page.id("batch_id")))


ROUTES = (
    get(PATH, letters, allow=OFFICE),
    post(PATH, print_all, allow=OFFICE),
    get(f"{PATH}/lots/{{batch_id}}", batch_pdf, allow=OFFICE),
    get(f"{PATH}/{{letter_id}}", letter_pdf, allow=OFFICE),
)
