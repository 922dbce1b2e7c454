"""The HTTP side of documents."""

from contextlib import aclosing
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE, SIGNED_IN
from services.chassis.web import Call, get, post
from services.documents import (
    certificate_routes,
    commands,
    publication_routes,
    queries,
    rotation_routes,
    vault_routes,
)
from services.documents.errors import FileTooLarge
from services.documents.model import MAX_BYTES, TOO_LARGE
from services.documents.schemas import (
    DepositQuery,
    DocumentAnswer,
    DocumentsAnswer,
    DocumentsQuery,
    DocumentTypeAnswer,
    DocumentTypesAnswer,
)
from services.documents.serving import download_headers, send
from services.documents.storage import READ_BYTES, STORAGE

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
    content = call.request.content.iter_chunked(READ_BYTES)
    stored = await commands.store_content(storage, ticket, content, call.now)
    async with call.database.transaction() as connection:
        document = await commands.record_deposit(connection, stored)
        listed = await queries.documents(connection, document.family_id, document.document_id)
    if document.document_id != ticket.document_id:
        await commands.discard_content(storage, ticket)
    return DocumentAnswer.model_validate(listed[0])


async def download(call: Call, document_id: UUID) -> web.StreamResponse:
    """The content of a document, as deposited; its opening is recorded."""
    storage = call.app[STORAGE]
    async with call.database.transaction() as connection:
        document = await commands.open_document(connection, call.caller, document_id, call.now)
        key = await commands.family_key(connection, storage.master_key, document.family_id)
    headers = download_headers(document.content_type, document.filename, document.size)
    async with aclosing(storage.content(document.family_id, document_id, key)) as content:
        return await send(call.request, headers, content)


ENDPOINTS = (
    get("/document-types", list_types, allow=SIGNED_IN),
    get("/documents", list_documents, allow=OWNERS),
    # Bare: the content is streamed between two short transactions, with no connection held.
    post("/documents", deposit, allow=OWNERS, status=201, bare=True),
    get("/documents/{document_id}/content", download, allow=OWNERS, bare=True),
    *vault_routes.ENDPOINTS,
    *certificate_routes.ENDPOINTS,
    *publication_routes.ENDPOINTS,
    *rotation_routes.ENDPOINTS,
)
