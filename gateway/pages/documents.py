"""Supporting documents: what is asked, what was deposited, and a form to deposit more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from aiohttp import web

from contracts.roles import ADMIN, AGENT, GUARDIAN
from gateway.forms import REFUSALS, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, panels
from gateway.readers import Document
from gateway.readers.roll import Absence
from gateway.transfer import Upload
from services.chassis.http_client import ServiceUnavailable

PATH = "/documents"
# form field -> the name under which documents refuses it
SERVICE_FIELDS: Final = {"enfant": "child_id", "fichier": "file"}
DEPOSITED = "Votre document est déposé, merci. Le service enfance va le vérifier."
QUARANTINED = (
    "Votre document est déposé, merci. Le service enfance le vérifiera après l’analyse antivirus."
)


@dataclass(frozen=True, slots=True)
class Versions:
    """What was deposited for one purpose: the newest of use, and those before it."""

    newest: Document
    earlier: tuple[Document, ...]


async def documents(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """What the town asks of the family, and all that it deposited."""
    clients, certified = page.clients, certified_absence(page, form)
    shown = await panels(
        documents=clients.documents.documents(),
        types=clients.documents.types(),
        children=clients.enrolment.children(),
        papers=clients.enrolment.papers(),
        absences=clients.roll.absences() if certified else nothing(),
    )
    return page.render(
        "documents.html",
        panels=shown,
        deposited=by_purpose(shown.documents),
        replaced=replacing(shown.documents, page.query.id("remplace"), form),
        form=form or Form(),
        away=away,
        wanted_type=page.query.get("type"),
        wanted_child=page.query.get("enfant"),
        certified=certified,
        absence=absence_of(shown.absences, certified),
        back=page.wanted_path(""),
        max_megabytes=page.portal.settings.document_max_megabytes,
    )


def certified_absence(page: Page, form: Form | None) -> str:
    """The id of the absence that the form's certificate is for, as the address or form names it."""
    return form.text("absence") if form else str(page.query.id("absence") or "")


async def nothing() -> tuple[Absence, ...]:
    """No absence is asked for where none is named."""
    return ()


def absence_of(found: Sequence[Absence] | Unavailable, named: str) -> Absence | None:
    """The absence of this id, where it still waits for its certificate."""
    if isinstance(found, Unavailable):
        return None
    same = (one for one in found if str(one.absence_id) == named and one.state == "declared")
    return next(same, None)


def by_purpose(found: Sequence[Document] | Unavailable) -> list[Versions]:
    """The documents, newest first, each with the earlier ones for the same purpose."""
    if isinstance(found, Unavailable):
        return []
    purposes: dict[tuple[str, UUID | None, UUID | None], list[Document]] = {}
    for document in found:
        purpose = (document.document_type, document.child_id, document.absence_id)
        purposes.setdefault(purpose, []).append(document)
    return [_versions(same) for same in purposes.values()]


def _versions(same: Sequence[Document]) -> Versions:
    newest = next((document for document in same if document.state != "replaced"), same[0])
    return Versions(newest, tuple(document for document in same if document is not newest))


def replacing(
    found: Sequence[Document] | Unavailable, asked: UUID | None, form: Form | None
) -> Document | None:
    """The document that the form is to replace, when the address or the form names one."""
    if isinstance(found, Unavailable):
        return None
    named = form.text("remplace") if form else str(asked)
    return next((document for document in found if str(document.document_id) == named), None)


async def deposit(page: Page) -> web.StreamResponse:
    """Take one file or several; they go to the documents service as they arrive."""
    async with page.upload() as upload:
        form = upload.form
        try:
            document = await received(page, upload)
        except ServiceUnavailable as failure:
            return await documents(page, form, Unavailable(failure.service))
        except REFUSALS as refusal:
            return await documents(page, form.refused(refusal, **SERVICE_FIELDS))
    flash = QUARANTINED if document.state == "quarantined" else DEPOSITED
    return page.redirect(page.wanted_path(PATH), flash=flash)


async def received(page: Page, upload: Upload, family_id: UUID | None = None) -> Document:
    """The document that a deposit form describes, kept; the office names the family."""
    form = upload.form
    return await page.clients.documents.deposit(
        form.text("type"),
        upload,
        max_megabytes=page.portal.settings.document_max_megabytes,
        family_id=family_id,
        child_id=form.id("enfant", optional=True),
        replaces=form.id("remplace", optional=True),
        absence_id=form.id("absence", optional=True),
    )


async def content(page: Page) -> web.StreamResponse:
    """The file itself, for its owner and the office."""
    return await page.send(page.clients.documents.content(page.id("document_id")))


async def picture(page: Page) -> web.StreamResponse:
    """One page of it as a picture, in which nothing can run."""
    number = page.query.number("page", 1)
    return await page.send(page.clients.documents.picture(page.id("document_id"), number))


ROUTES = (
    get(PATH, documents, allow={GUARDIAN}),
    post(PATH, deposit, allow={GUARDIAN}, upload=True),
    get("/documents/{document_id}/contenu", content, allow={GUARDIAN, AGENT, ADMIN}),
    get("/documents/{document_id}/apercu", picture, allow={GUARDIAN, AGENT, ADMIN}),
)
