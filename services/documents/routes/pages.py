"""Files as they come in, one or several; and the pages of a document, to be looked at."""

from collections.abc import AsyncIterator
from uuid import UUID

import aiohttp
from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE
from services.chassis.errors import FieldError, Invalid, NotFound
from services.chassis.web import Call, get
from services.documents import commands
from services.documents.commands import pages as pages_commands
from services.documents.commands.pages import PRESS, Files
from services.documents.model import Document
from services.documents.schemas.papers import PageCountAnswer, PictureQuery
from services.documents.storage import CHUNK, STORAGE

MALFORMED = "Le formulaire reçu est illisible."


async def files_of(request: web.Request, filename: str) -> Files:
    """The files of the request, one after the other. Raises Invalid when the form is malformed."""
    if not request.content_type.startswith("multipart/"):
        yield filename, request.content.iter_chunked(CHUNK)
        return
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, aiohttp.BodyPartReader) or part.filename is None:
                raise Invalid(errors=[FieldError("file", MALFORMED)])
            yield part.filename, _content(part)
    except (ValueError, LookupError, AssertionError, aiohttp.http.HttpProcessingError) as error:
        raise Invalid(errors=[FieldError("file", MALFORMED)]) from error


async def _content(part: aiohttp.BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK):
        yield chunk


async def count_pages(call: Call, document_id: UUID) -> PageCountAnswer:
    """Compter les pages d’une pièce justificative"""
    document, key = await _opened(call, document_id)
    pages = await pages_commands.count_pages(call.app[STORAGE], call.app[PRESS], document, key)
    return PageCountAnswer(pages=pages)


async def look(call: Call, document_id: UUID, query: PictureQuery) -> web.Response:
    """Regarder une pièce justificative"""
    document, key = await _opened(call, document_id)
    picture = await pages_commands.look(
        call.app[STORAGE], call.app[PRESS], document, key, query.page
    )
    if picture is None:
        raise NotFound
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    return web.Response(body=picture, content_type="image/png", headers=headers)


async def _opened(call: Call, document_id: UUID) -> tuple[Document, bytes]:
    master_key = call.app[STORAGE].master_key
    async with call.database.transaction() as connection:
        document = await commands.open_document(connection, call.caller, document_id, call.now)
        return document, await commands.family_key(connection, master_key, document.key_family)


ENDPOINTS = (
    # Bare: the content is read between transactions, with no connection held.
    get("/documents/{document_id}/pages", count_pages, allow=OFFICE | {GUARDIAN}, bare=True),
    get(
        "/documents/{document_id}/picture",
        look,
        allow=OFFICE | {GUARDIAN},
        bare=True,
        opens=True,
    ),
)
