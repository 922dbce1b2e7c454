"""The HTTP side of documents."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from urllib.parse import quote
from uuid import UUID

import structlog
from aiohttp import web
from obstore.exceptions import BaseError

from contracts.roles import GUARDIAN, OFFICE, SIGNED_IN
from services.chassis import audit
from services.chassis.web import Call, get, post
from services.documents import commands, queries
from services.documents.errors import DocumentDamaged, FileTooLarge
from services.documents.model import MAX_BYTES, TOO_LARGE, Document
from services.documents.schemas import (
    DepositQuery,
    DocumentAnswer,
    DocumentsAnswer,
    DocumentsQuery,
    DocumentTypeAnswer,
    DocumentTypesAnswer,
)
from services.documents.storage import CHUNK, STORAGE

log = structlog.get_logger()

OWNERS = OFFICE | {GUARDIAN}


async def list_types(call: Call) -> DocumentTypesAnswer:
    """The kinds of supporting document that the town asks for."""
    types = await queries.document_types(call.connection)
    return DocumentTypesAnswer(types=[DocumentTypeAnswer.model_validate(t) for t in types])


async def list_documents(call: Call, query: DocumentsQuery) -> DocumentsAnswer:
    """A family's documents, newest first."""
    family_id = commands.family_concerned(call.caller, query.family_id)
    found = await queries.documents(call.connection, family_id)
    return DocumentsAnswer(documents=[DocumentAnswer.model_validate(d) for d in found])


async def deposit(call: Call, query: DepositQuery) -> DocumentAnswer:
    """Deposit a supporting document; the request's body is the file itself."""
    if (call.request.content_length or 0) > MAX_BYTES:
        raise FileTooLarge.because(TOO_LARGE)
    storage = call.app[STORAGE]
    async with call.database.transaction() as connection:
        ticket = await commands.begin_deposit(
            connection,
            storage.master_key,
            call.caller,
            family_id=query.family_id,
            document_type=query.document_type,
            child_id=query.child_id,
            filename=query.filename,
        )
    content = call.request.content.iter_chunked(CHUNK)
    stored = await commands.store_content(storage, ticket, content, call.now)
    async with call.database.transaction() as connection:
        document = await commands.record_deposit(connection, stored)
        await audit.record(connection, call)
        listed = await queries.documents(connection, document.family_id, document.document_id)
    if document.document_id != ticket.document_id:
        await commands.discard_content(storage, ticket)
    return DocumentAnswer.model_validate(listed[0])


async def download(call: Call, document_id: UUID) -> web.StreamResponse:
    """The content of a document, as deposited; its opening is recorded."""
    storage = call.app[STORAGE]
    async with call.database.transaction() as connection:
        document = await commands.open_document(connection, call.caller, document_id, call.now)
        audit.about(call, family_id=document.family_id, child_id=document.child_id)
        await audit.record(connection, call)
        key = await commands.family_key(connection, storage.master_key, document.family_id)
    async with aclosing(storage.content(document.family_id, document_id, key)) as content:
        # The first chunk is read before anything is answered: damage seen there is a refusal.
        first = await anext(content)
        response = web.StreamResponse(headers=download_headers(document))
        await response.prepare(call.request)
        await _send(call.request, response, first, content)
    return response


async def _send(
    request: web.Request, response: web.StreamResponse, first: bytes, rest: AsyncIterator[bytes]
) -> None:
    """Send the content; what goes wrong on the way ends the connection short of the length."""
    try:
        await response.write(first)
        async for part in rest:
            await response.write(part)
        await response.write_eof()
    except (DocumentDamaged, BaseError, OSError) as error:
        # The headers are gone: a refusal can no longer be told, and must not be taken for content.
        log.warning("download_broken_off", error=repr(error))
        if request.transport:
            request.transport.abort()


def download_headers(document: Document) -> dict[str, str]:
    """Headers under which a browser saves the file and runs nothing in it."""
    return {
        "Content-Type": document.content_type,
        "Content-Length": str(document.size),
        "Content-Disposition": disposition(document.filename),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }


def disposition(filename: str) -> str:
    """`attachment` with the name for old readers and in full (RFC 6266, RFC 8187)."""
    plain = "".join(
        c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in filename
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


ENDPOINTS = (
    get("/document-types", list_types, allow=SIGNED_IN),
    get(
        "/documents",
        list_documents,
        allow=OWNERS,
        opens=True,
        summary="Voir la liste des pièces d’une famille",
    ),
    # Bare: the content is streamed between two short transactions, with no connection held.
    post(
        "/documents",
        deposit,
        allow=OWNERS,
        status=201,
        bare=True,
        summary="Déposer une pièce justificative",
    ),
    get(
        "/documents/{document_id}/content",
        download,
        allow=OWNERS,
        bare=True,
        opens=True,
        summary="Ouvrir une pièce justificative",
    ),
)
