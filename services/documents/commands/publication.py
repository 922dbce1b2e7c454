"""Publish, replace and withdraw what the town hands out."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.chassis import outbox
from services.chassis.database import Connection, Database
from services.documents import publishing
from services.documents.commands import family_key
from services.documents.errors import FileTypeRefused
from services.documents.errors.publication import PublicationNotFound
from services.documents.model import Inspection, clean_filename
from services.documents.model.publication import PDF, TOWN, Content, Description, Publication
from services.documents.repository import publication as publication_repository
from services.documents.storage import Storage, publication_path, seal

# Far longer than the slowest upload: a younger object may be one still at work.
ORPHAN_AGE = timedelta(hours=24)


async def store_pdf(
    storage: Storage, town_key: bytes, filename: str, content: AsyncIterator[bytes]
) -> Content:
    """Check, encrypt and write the file as it comes in. Raises FileRefused; then none is kept."""
    inspection, content_id = Inspection(), uuid4()
    path = publication_path(content_id)
    await storage.put(path, seal(inspection.watch(content), town_key, content_id))
    if inspection.content_type != PDF:
        await storage.remove(path)
        raise FileTypeRefused.because("Publiez un fichier PDF : tous les appareils l’ouvrent.")
    return Content(content_id, clean_filename(filename, PDF), inspection.size)


async def town_key(connection: Connection, storage: Storage) -> bytes:
    """The key of the town's own documents, made at the first one."""
    return await family_key(connection, storage.master_key, TOWN)


async def publish(
    connection: Connection,
    description: Description,
    content: Content,
    now: datetime,
    by: UUID | None,
) -> Publication:
    """Hand out a document. Raises PublicationRefused."""
    made = Publication(uuid4(), description.accepted(), 1, content, now, by)
    await publication_repository.save(connection, made)
    await outbox.append(connection, publishing.administrative_document_published(made))
    return made


async def replace_content(
    connection: Connection, publication_id: UUID, content: Content, now: datetime, by: UUID | None
) -> tuple[Publication, Content]:
    """Hand out another file in its place; returns the content that is left to remove.

    Raises PublicationNotFound, PublicationWithdrawn.
    """
    before = await _locked(connection, publication_id)
    after = before.replaced(content, now, by)
    await publication_repository.save(connection, after)
    await outbox.append(connection, publishing.administrative_document_published(after))
    return after, before.content


async def withdraw(connection: Connection, publication_id: UUID, now: datetime) -> Publication:
    """Hand it out no longer. Raises PublicationNotFound."""
    before = await _locked(connection, publication_id)
    after = before.withdrawn(now)
    if after is not before:
        await publication_repository.save(connection, after)
        await outbox.append(connection, publishing.administrative_document_withdrawn(after))
    return after


async def remove_orphans(database: Database, storage: Storage, now: datetime) -> None:
    """Delete files that became no publication."""
    async for batch in storage.listing("town"):
        old = [stored for stored in batch if stored.written_at < now - ORPHAN_AGE]
        async with database.connection() as connection:
            known = await publication_repository.known(connection, [s.document_id for s in old])
        await storage.remove(*(s.path for s in old if s.document_id not in known))


async def _locked(connection: Connection, publication_id: UUID) -> Publication:
    found = await publication_repository.lock(connection, publication_id)
    if found is None:
        raise PublicationNotFound
    return found
