"""The HTTP side of what the town publishes."""

from contextlib import aclosing
from uuid import UUID

from aiohttp import web

from contracts.roles import EVERYONE, OFFICE
from services.chassis.web import Call, get, post
from services.documents.commands import publication as publication_commands
from services.documents.errors import FileTooLarge
from services.documents.errors.publication import PublicationNotFound
from services.documents.model import MAX_BYTES, too_large
from services.documents.model.publication import PDF, Content, Description
from services.documents.queries import publication as publication_queries
from services.documents.schemas.publication import (
    PublicationAnswer,
    PublicationsAnswer,
    PublishQuery,
    ReplaceQuery,
)
from services.documents.serving import download_headers, send
from services.documents.storage import READ_BYTES, STORAGE, publication_path


async def list_publications(call: Call) -> PublicationsAnswer:
    """Lister les documents de la ville"""
    found = await publication_queries.publications(call.connection)
    shown = [p for p in found if p.is_shown_to(call.caller.roles, call.today)]
    return PublicationsAnswer(publications=[PublicationAnswer.of(p) for p in shown])


async def publish(call: Call, query: PublishQuery) -> PublicationAnswer:
    """Publier un document de la ville"""
    described = Description(
        query.title, query.kind, query.audience, query.valid_from, query.valid_until
    ).accepted()
    content = await _stored(call, query.filename)
    async with call.database.transaction() as connection:
        made = await publication_commands.publish(
            connection, described, content, call.now, call.caller.account_id
        )
    return PublicationAnswer.of(made)


async def replace_publication(
    call: Call, publication_id: UUID, query: ReplaceQuery
) -> PublicationAnswer:
    """Remplacer un document de la ville"""
    async with call.database.connection() as connection:
        # Before the file is read; the command looks again, with the row held.
        if await publication_queries.publication(connection, publication_id) is None:
            raise PublicationNotFound
    content = await _stored(call, query.filename)
    async with call.database.transaction() as connection:
        replaced, before = await publication_commands.replace_content(
            connection, publication_id, content, call.now, call.caller.account_id
        )
    await call.app[STORAGE].remove(publication_path(before.content_id))
    return PublicationAnswer.of(replaced)


async def withdraw_publication(call: Call, publication_id: UUID) -> PublicationAnswer:
    """Retirer un document de la ville"""
    withdrawn = await publication_commands.withdraw(call.connection, publication_id, call.now)
    return PublicationAnswer.of(withdrawn)


async def read_publication(call: Call, publication_id: UUID) -> web.StreamResponse:
    """Ouvrir un document de la ville"""
    storage = call.app[STORAGE]
    async with call.database.transaction() as connection:
        found = await publication_queries.publication(connection, publication_id)
        if found is None or not found.is_shown_to(call.caller.roles, call.today):
            raise PublicationNotFound
        key = await publication_commands.town_key(connection, storage)
    content_id = found.content.content_id
    headers = download_headers(PDF, found.content.filename, found.content.size)
    path = publication_path(content_id)
    async with aclosing(storage.content_at(path, content_id, key)) as content:
        return await send(call.request, headers, content)


async def _stored(call: Call, filename: str) -> Content:
    if (call.request.content_length or 0) > MAX_BYTES:
        raise FileTooLarge.because(too_large(MAX_BYTES))
    storage = call.app[STORAGE]
    async with call.database.transaction() as connection:
        key = await publication_commands.town_key(connection, storage)
    body = call.request.content.iter_chunked(READ_BYTES)
    return await publication_commands.store_pdf(storage, key, filename, body)


ENDPOINTS = (
    get("/publications", list_publications, allow=EVERYONE),
    # Bare: the content is streamed between two short transactions, with no connection held.
    post("/publications", publish, allow=OFFICE, status=201, bare=True),
    post("/publications/{publication_id}/content", replace_publication, allow=OFFICE, bare=True),
    post("/publications/{publication_id}/withdraw", withdraw_publication, allow=OFFICE),
    get("/publications/{publication_id}/content", read_publication, allow=EVERYONE, bare=True),
)
