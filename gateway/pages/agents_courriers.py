"""The print tray: letters that wait, mails that failed and may become some, batches printed."""

from collections.abc import Sequence

from aiohttp import web

from contracts.roles import OFFICE
from gateway.forms import Form
from gateway.labels import LETTERS
from gateway.page import Page, get, post
from gateway.panels import is_unavailable, panels
from gateway.readers import LetterTray, Message
from services.chassis.http_client import ServiceProblem

PATH = "/agents/courriers"
PAGE_SIZE = 50
EVERY_KIND = "toutes"
NOT_CONFIRMED = "Cochez la case : ces lettres sortent du bac et comptent comme imprimées."
GONE = "Ce message ne peut plus partir par courrier."
POSTED = "La lettre est marquée postée\u00a0; elle se réimprime parmi les lots, plus bas."


async def letters(page: Page, form: Form | None = None) -> web.StreamResponse:
    """What waits to be printed, a page at a time, and what was."""
    notifications, number = page.clients.notifications, min(page.query.number("page"), 10_000)
    shown = await panels(
        tray=notifications.letters(status="to_print", page=number, size=PAGE_SIZE),
        failed=failed(page),
        batches=notifications.print_batches(),
    )
    return page.render(
        "agents/courriers.html",
        panels=shown,
        form=form or Form(),
        number=number,
        size=PAGE_SIZE,
        kinds=() if is_unavailable(shown.tray) else kinds(shown.tray),
    )


def kinds(tray: LetterTray) -> list[tuple[str, str]]:
    """What of the tray may be printed by itself, with how many letters that is."""
    found = [
        (one.kind, f"{LETTERS.get(one.kind, one.kind)} ({one.letters})") for one in tray.by_kind
    ]
    return [(EVERY_KIND, f"Toutes ({tray.to_print})"), *found]


async def failed(page: Page) -> Sequence[Message]:
    """The mails that did not get through and that a letter may still replace."""
    found = await page.clients.notifications.messages(status="failed")
    return [message for message in found if message.may_be_posted]


async def send_as_letter(page: Page) -> web.StreamResponse:
    """Put a mail that does not get through into the tray; back to where it was asked."""
    form = await page.form()
    family_id = form.id("famille", optional=True)
    back = f"/agents/familles/{family_id}" if family_id else PATH
    try:
        await page.clients.notifications.send_as_letter(page.id("message_id"))
    except ServiceProblem as problem:
        if problem.status != 409:
            raise
        return page.redirect(back, flash=GONE, tone="warning")
    return page.redirect(back, flash="Le message attend dans le bac d’impression.")


async def print_chosen(page: Page) -> web.StreamResponse:
    """The waiting letters, all or of one kind, as one PDF; they count as printed from then on."""
    form = await page.form()
    if not form.checked("confirme"):
        return await letters(page, form.with_error("confirme", NOT_CONFIRMED))
    kind = None if form.text("sorte") in ("", EVERY_KIND) else form.text("sorte")
    return await page.send(page.clients.notifications.print_letters(kind))


async def print_letter(page: Page) -> web.StreamResponse:
    """One letter as PDF; it leaves the tray."""
    await page.form()
    try:
        return await page.send(page.clients.notifications.print_letter(page.id("letter_id")))
    except ServiceProblem as problem:
        return _left_the_tray(page, problem)


async def mark_posted(page: Page) -> web.StreamResponse:
    """A letter that was printed from its preview leaves the tray."""
    await page.form()
    try:
        await page.clients.notifications.mark_posted(page.id("letter_id"))
    except ServiceProblem as problem:
        return _left_the_tray(page, problem)
    return page.redirect(PATH, flash=POSTED)


def _left_the_tray(page: Page, problem: ServiceProblem) -> web.StreamResponse:
    if problem.status != 409:
        raise problem
    return page.redirect(PATH, flash="Cette lettre n’est plus dans le bac.", tone="warning")


async def letter_pdf(page: Page) -> web.StreamResponse:
    """One letter, to look at."""
    return await page.send(page.clients.notifications.letter_pdf(page.id("letter_id")))


async def batch_pdf(page: Page) -> web.StreamResponse:
    """A batch once more, for when the printer jammed."""
    return await page.send(page.clients.notifications.print_batch_pdf(page.id("batch_id")))


ROUTES = (
    get(PATH, letters, allow=OFFICE),
    post(PATH, print_chosen, allow=OFFICE),
    post(f"{PATH}/messages/{{message_id}}", send_as_letter, allow=OFFICE),
    post(f"{PATH}/{{letter_id}}/imprimer", print_letter, allow=OFFICE),
    post(f"{PATH}/{{letter_id}}/postee", mark_posted, allow=OFFICE),
    get(f"{PATH}/lots/{{batch_id}}", batch_pdf, allow=OFFICE),
    get(f"{PATH}/{{letter_id}}", letter_pdf, allow=OFFICE),
)
