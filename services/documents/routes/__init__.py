"""The HTTP side of documents."""

from contextlib import aclosing
from uuid import UUID

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE, SIGNED_IN
from services.chassis import audit
from services.chassis.web import Call, get, post
from services.documents import commands, queries
from services.documents.clients import SCANNER
from services.documents.commands import pages as pages_commands
from services.documents.commands.pages import PRESS, Wanted
from services.documents.errors import FileTooLarge
from services.documents.model import MEGABYTE, too_large
from services.documents.routes import certificate as certificate_routes
from services.documents.routes import pages as pages_routes
from services.documents.routes import papers as papers_routes
from services.documents.routes import publication as publication_routes
from services.documents.routes import rotation as rotation_routes
from services.documents.routes import vault as vault_routes
from services.documents.routes.pages import files_of
from services.documents.schemas import (
    DepositQuery,
    DocumentAnswer,
    DocumentsAnswer,
    DocumentsQuery,
    DocumentTypeAnswer,
    DocumentTypesAnswer,
)
from services.documents.serving import download_headers, send
from services.documents.settings import LIMITS
from services.documents.storage import STORAGE

OWNERS = OFFICE | {GUARDIAN}


async def list_types(call: Call) -> DocumentTypesAnswer:
    """The kinds of supporting document that the town asks for."""
    types = await queries.document_types(call.connection, with_retired=call.caller.has(*OFFICE))
    return DocumentTypesAnswer(types=[DocumentTypeAnswer.model_validate(t) for t in types])


async def list_documents(call: Call, query: DocumentsQuery) -> DocumentsAnswer:
    """A family's documents, newest first."""
    family_id = commands.family_concerned(call.caller, query.family_id)
    found = await queries.documents(call.connection, family_id)
    return DocumentsAnswer(documents=[DocumentAnswer.model_validate(d) for d in found])


async def deposit(call: Call, query: DepositQuery) -> DocumentAnswer:
    """Deposit a supporting document; the body is the file itself, or a form of several files.

    Several become one PDF, in the order in which they come.
    """
    storage, max_bytes = call.app[STORAGE], call.app[LIMITS].max_bytes
    # A form's own headers come on top; what is read is measured again as it comes in.
    if (call.request.content_length or 0) > max_bytes + MEGABYTE:
        raise FileTooLarge.because(too_large(max_bytes))
    async with call.database.transaction() as connection:
        ticket = await commands.begin_deposit(
            connection,
            storage.master_key,
            call.caller,
            family_id=query.family_id,
            document_type=query.document_type,
            child_id=query.child_id,
            filename=query.filename,
            replaces=query.replaces,
            absence_id=query.absence_id,
        )
    files = files_of(call.request, query.filename)
    wanted = Wanted("quarantined" if call.app[SCANNER] else "submitted", max_bytes)
    stored = await pages_commands.store_files(
        storage, call.app[PRESS], ticket, files, call.now, wanted
    )
    async with call.database.transaction() as connection:
        document = await commands.record_deposit(connection, stored)
        await audit.record(connection, call)
        listed = await queries.documents(connection, document.family_id, document.document_id)
    if document.document_id != stored.document_id:
        await commands.discard_content(storage, stored)
    return DocumentAnswer.model_validate(listed[0])


async def download(call: Call, document_id: UUID) -> web.StreamResponse:
    """The content of a document, as deposited; its opening is recorded."""
    storage = call.app[STORAGE]
    async with call.database.transaction() as connection:
        document = await commands.open_document(connection, call.caller, document_id, call.now)
        audit.about(call, family_id=document.family_id, child_id=document.child_id)
        await audit.record(connection, call)
        key = await commands.family_key(connection, storage.master_key, document.key_family)
    headers = download_headers(document.content_type, document.filename, document.size)
    async with aclosing(storage.content(document.key_family, document_id, key)) as content:
        return await send(call.request, headers, content)


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
    *papers_routes.ENDPOINTS,
    *pages_routes.ENDPOINTS,
    *vault_routes.ENDPOINTS,
    *certificate_routes.ENDPOINTS,
    *publication_routes.ENDPOINTS,
    *rotation_routes.ENDPOINTS,
)
