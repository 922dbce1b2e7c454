"""What lies in a vault: put in, taken out."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from services.chassis.database import Connection
from services.documents import vault_keys
from services.documents.commands.vault.strongroom import Strongroom, still_there
from services.documents.errors import DocumentNotFound
from services.documents.model.vault import Intake, Label, Room, VaultDocument
from services.documents.queries import vault as vault_queries
from services.documents.repository import vault as vault_repository
from services.documents.storage import seal, vault_path
from services.documents.vault_keys import Unlocked

log = structlog.get_logger()

# Far longer than the slowest upload: a younger object may be one still at work.
ORPHAN_AGE = timedelta(hours=24)


async def put_in(
    room: Strongroom,
    unlocked: Unlocked,
    filename: str,
    content: AsyncIterator[bytes],
    now: datetime,
) -> tuple[VaultDocument, Label]:
    """Encrypt and keep a file as it arrives. Raises VaultFull, VaultFileTooLarge, EmptyFile.

    The object is there before the row is: a crash between the two leaves an orphan.
    """
    document_id, family_id = uuid4(), unlocked.family_id
    async with room.database.connection() as connection:
        intake = Intake(await _free_room(connection, room, family_id))
    path = vault_path(family_id, document_id)
    sealed = seal(intake.watch(content), unlocked.vault_key, document_id)
    await room.storage.put(path, sealed)
    label = intake.label(filename)
    sealed_label = vault_keys.seal_label(label, unlocked.vault_key, document_id)
    document = VaultDocument(document_id, family_id, sealed_label, intake.size, now)
    try:
        async with room.database.transaction() as connection:
            await still_there(connection, family_id)
            # Files that arrive together each had room when they began.
            (await _free_room(connection, room, family_id)).admit(document.size)
            await vault_repository.add_document(connection, document)
    except Exception:
        await room.storage.remove(path)
        raise
    return document, label


async def take_out(room: Strongroom, unlocked: Unlocked, document_id: UUID) -> None:
    """Delete a document of the vault. Raises DocumentNotFound."""
    async with room.database.transaction() as connection:
        if not await vault_repository.drop_document(connection, unlocked.family_id, document_id):
            raise DocumentNotFound
    await room.storage.remove(vault_path(unlocked.family_id, document_id))


async def remove_orphans(room: Strongroom, now: datetime) -> int:
    """Delete objects that became no document of a vault; returns how many."""
    removed = 0
    async for batch in room.storage.listing("vaults"):
        old = [stored for stored in batch if stored.written_at < now - ORPHAN_AGE]
        async with room.database.connection() as connection:
            known = await vault_repository.known(connection, [s.document_id for s in old])
        orphans = [stored.path for stored in old if stored.document_id not in known]
        await room.storage.remove(*orphans)
        removed += len(orphans)
    if removed:
        log.info("vault_orphans_removed", objects=removed)
    return removed


async def _free_room(connection: Connection, room: Strongroom, family_id: UUID) -> Room:
    used = await vault_queries.used_bytes(connection, family_id)
    return Room(room.limits.file_bytes, room.limits.quota_bytes, used)
