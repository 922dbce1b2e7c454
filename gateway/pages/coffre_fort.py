"""The family's vault: what it holds when it is open, and the ways to open it."""

from collections.abc import Awaitable

from aiohttp import web

from contracts.roles import GUARDIAN
from gateway.clients.vault import VaultClient
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.readers.vault import VaultOpened
from services.chassis.http_client import ServiceProblem

HOME = "/coffre-fort"
SETTINGS = f"{HOME}/reglages"
LOCKED = 423
SHUT = "Par sécurité, votre coffre-fort s’est refermé. Ouvrez-le de nouveau."


async def home(page: Page, form: Form | None = None) -> web.StreamResponse:
    """The vault as it is: not made yet, shut, or open with its documents."""
    client = opened_by(page)
    vault = await client.state()
    documents = None
    if vault.is_mine and client.token:
        try:
            documents = await client.documents()
        except ServiceProblem as problem:
            if problem.status != LOCKED:
                raise
    return page.render("coffre_fort.html", vault=vault, documents=documents, form=form or Form())


async def create(page: Page) -> web.StreamResponse:
    """Make the vault; the recovery key is shown on the answer, and never again."""
    form = await page.form()
    try:
        made = await opened_by(page).create(twice(form, "phrase"))
    except REFUSALS as refusal:
        return await home(page, form.refused(refusal, phrase="passphrase"))
    return show_key(page, made, is_renewed=False)


async def unlock(page: Page) -> web.StreamResponse:
    """Open the vault for a while."""
    form = await page.form()
    try:
        opened = await opened_by(page).unlock(form.exact("phrase"))
    except REFUSALS as refusal:
        return await home(page, form.refused(refusal, phrase="passphrase"))
    return carrying(page, page.redirect(HOME), opened)


async def lock(page: Page) -> web.StreamResponse:
    """Shut the vault on this device."""
    return shut(page, page.redirect(HOME, flash="Votre coffre-fort est fermé."))


async def put_in(page: Page) -> web.StreamResponse:
    """Take one file; it goes to the documents service as it arrives."""
    async with page.upload() as upload:
        form = upload.form
        try:
            kept = await opened_by(page).put_in(upload.filename, upload.stream(most=None))
        except REFUSALS as refusal:
            if is_locked(refusal):
                return locked(page)
            return await home(page, form.refused(refusal, fichier="file"))
    return page.redirect(HOME, flash=f"« {kept.filename} » est dans votre coffre-fort.")


async def content(page: Page) -> web.StreamResponse:
    """The file itself, to be saved."""
    try:
        return await page.send(opened_by(page).content(page.id("document_id")))
    except ServiceProblem as problem:
        if not is_locked(problem):
            raise
        return locked(page)


async def take_out(page: Page) -> web.StreamResponse:
    """Delete a document for good."""
    try:
        await opened_by(page).take_out(page.id("document_id"))
    except ServiceProblem as problem:
        if not is_locked(problem):
            raise
        return locked(page)
    return page.redirect(HOME, flash="Le document est supprimé.")


async def rescue(page: Page, form: Form | None = None) -> web.StreamResponse:
    """The form for a forgotten passphrase."""
    return page.render("coffre_fort_secours.html", form=form or Form())


async def recover(page: Page) -> web.StreamResponse:
    """A new passphrase by the printed key; a new key is shown."""
    form = await page.form()
    try:
        phrase = twice(form, "phrase")
        opened = await opened_by(page).recover(form.text("cle"), phrase)
    except REFUSALS as refusal:
        return await rescue(page, form.refused(refusal, cle="recovery_key", phrase="passphrase"))
    return show_key(page, opened, is_renewed=True)


async def invitation(page: Page, form: Form | None = None) -> web.StreamResponse:
    """The form for the code that the other parent gave."""
    return page.render("coffre_fort_invitation.html", form=form or Form())


async def join(page: Page) -> web.StreamResponse:
    """A passphrase of one's own by the other parent's code."""
    form = await page.form()
    try:
        opened = await opened_by(page).join(form.text("code"), twice(form, "phrase"))
    except REFUSALS as refusal:
        return await invitation(page, form.refused(refusal, phrase="passphrase"))
    return carrying(page, page.redirect(HOME, flash="Le coffre-fort vous est ouvert."), opened)


async def settings(page: Page, form: Form | None = None) -> web.StreamResponse:
    """Who opens the vault, and by what."""
    vault = await opened_by(page).state()
    if not vault.exists:
        return page.redirect(HOME)
    return page.render("coffre_fort_reglages.html", vault=vault, form=form or Form())


async def change_passphrase(page: Page) -> web.StreamResponse:
    """Another passphrase; other devices are shut."""
    form = await page.form()
    try:
        new = twice(form, "nouvelle")
        opened = await opened_by(page).change_passphrase(form.exact("actuelle"), new)
    except REFUSALS as refusal:
        return await settings(page, form.refused(refusal, actuelle="current", nouvelle="new"))
    answer = page.redirect(HOME, flash="Votre phrase secrète est changée.")
    return carrying(page, answer, opened)


async def renew_key(page: Page) -> web.StreamResponse:
    """Another recovery key, shown once."""
    return await once_open(page, _show_renewed_key(page))


async def invite(page: Page) -> web.StreamResponse:
    """A code for the other parent, shown once."""
    return await once_open(page, _show_invitation(page))


async def erase(page: Page) -> web.StreamResponse:
    """Delete the vault with all that is in it."""
    form = await page.form()
    try:
        if form.text("effacer").upper() != "EFFACER":
            raise FieldRefused("effacer", "Écrivez EFFACER pour confirmer.")
        await opened_by(page).erase("EFFACER")
    except REFUSALS as refusal:
        return await settings(page, form.refused(refusal))
    return shut(page, page.redirect(HOME, flash="Votre coffre-fort et son contenu sont effacés."))


async def _show_renewed_key(page: Page) -> web.StreamResponse:
    key = await opened_by(page).renew_recovery_key()
    return page.render("coffre_fort_cle.html", recovery_key=key, is_renewed=True)


async def _show_invitation(page: Page) -> web.StreamResponse:
    made = await opened_by(page).invite()
    return page.render("coffre_fort_inviter.html", invitation=made)


async def once_open(page: Page, shown: Awaitable[web.StreamResponse]) -> web.StreamResponse:
    """The answer, or the way to open the vault first."""
    try:
        return await shown
    except ServiceProblem as problem:
        if not is_locked(problem):
            raise
        return locked(page)


def opened_by(page: Page) -> VaultClient:
    """The vault, opened by what the browser carries."""
    token = page.request.cookies.get(page.portal.cookies.vault, "")
    return page.clients.vault(token)


def twice(form: Form, name: str) -> str:
    """A new passphrase, typed twice. Raises FieldRefused when the two differ."""
    if form.exact(name) != form.exact("confirmation"):
        raise FieldRefused("confirmation", "Les deux phrases secrètes sont différentes.")
    return form.exact(name)


def show_key(page: Page, opened: VaultOpened, *, is_renewed: bool) -> web.StreamResponse:
    """The recovery key on a page of its own: it goes into no cookie and no address."""
    key = opened.recovery_key
    answer = page.render("coffre_fort_cle.html", recovery_key=key, is_renewed=is_renewed)
    return carrying(page, answer, opened)


def carrying(page: Page, answer: web.Response, opened: VaultOpened) -> web.Response:
    """The answer, with what opens the vault on the next pages."""
    page.portal.cookies.keep_vault(answer, opened.token, opened.expires_at, page.now)
    return answer


def shut(page: Page, answer: web.Response) -> web.Response:
    """The answer, after which nothing opens the vault."""
    page.portal.cookies.drop_vault(answer)
    return answer


def locked(page: Page) -> web.Response:
    """To the page that opens the vault."""
    return shut(page, page.redirect(HOME, flash=SHUT, tone="info"))


def is_locked(refusal: Exception) -> bool:
    """Whether the vault shut meanwhile."""
    return isinstance(refusal, ServiceProblem) and refusal.status == LOCKED


PARENTS = {GUARDIAN}

ROUTES = (
    get(HOME, home, allow=PARENTS),
    post(HOME, create, allow=PARENTS),
    post(f"{HOME}/ouvrir", unlock, allow=PARENTS),
    post(f"{HOME}/fermer", lock, allow=PARENTS),
    post(f"{HOME}/documents", put_in, allow=PARENTS, upload=True),
    get(f"{HOME}/documents/{{document_id}}/contenu", content, allow=PARENTS),
    post(f"{HOME}/documents/{{document_id}}/supprimer", take_out, allow=PARENTS),
    get(f"{HOME}/secours", rescue, allow=PARENTS),
    post(f"{HOME}/secours", recover, allow=PARENTS),
    get(f"{HOME}/invitation", invitation, allow=PARENTS),
    post(f"{HOME}/invitation", join, allow=PARENTS),
    get(SETTINGS, settings, allow=PARENTS),
    post(f"{SETTINGS}/phrase", change_passphrase, allow=PARENTS),
    post(f"{SETTINGS}/cle", renew_key, allow=PARENTS),
    post(f"{SETTINGS}/inviter", invite, allow=PARENTS),
    post(f"{SETTINGS}/effacer", erase, allow=PARENTS),
)
