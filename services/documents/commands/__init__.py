"""What can be done with supporting documents."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from contracts.events.accounts import FamilyFileUpdated
from services.chassis import outbox, renamed
from services.chassis.auth import Caller
from services.chassis.database import Connection, Database
from services.documents import publishing, repository
from services.documents.commands import papers as papers_commands
from services.documents.errors import (
    DepositRefused,
    DocumentInfected,
    DocumentNotFound,
    DocumentQuarantined,
    FamilyNotFound,
)
from services.documents.model import (
    MAX_BYTES,
    MEDICAL_CERTIFICATE,
    Document,
    Inspection,
    State,
    child_concerned,
    clean_filename,
)
from services.documents.model.papers import SEALED_OFF
from services.documents.storage import Fingerprint, MasterKey, Storage, path_of, seal

log = structlog.get_logger()

# Far longer than the slowest upload: a younger object may be a deposit still at work.
ORPHAN_AGE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A deposit that may begin: what it will be, and the key that will protect it."""

    document_id: UUID
    family_id: UUID
    child_id: UUID | None
    document_type: str
    filename: str
    deposited_by: UUID | None
    family_key: bytes
    accepts: tuple[str, ...]
    replaces: UUID | None = None
    absence_id: UUID | None = None


async def begin_deposit(
    connection: Connection,
    master_key: MasterKey,
    caller: Caller,
    *,
    family_id: UUID | None,
    document_type: str,
    child_id: UUID | None,
    filename: str,
    replaces: UUID | None = None,
    absence_id: UUID | None = None,
) -> Ticket:
    """Check what the deposit is and for whom, before its content is read.

    One that replaces a document is for the same purpose as that one.
    Raises FamilyNotFound, DocumentNotFound, DepositRefused.
    """
    family_id = family_concerned(caller, family_id)
    if replaces:
        before = await _replaced(connection, replaces, family_id)
        document_type, child_id = before.document_type, before.child_id
        absence_id = before.absence_id
    children = await repository.children_of(connection, family_id)
    if children is None and caller.family_scope is None:
        raise FamilyNotFound
    kind = await repository.document_type(connection, document_type)
    if kind is None or kind.retired:
        raise DepositRefused.because("type", "Choisissez un type de document de la liste.")
    return Ticket(
        document_id=uuid4(),
        family_id=family_id,
        child_id=child_concerned(kind, child_id, children or frozenset()),
        document_type=kind.code,
        filename=filename,
        deposited_by=caller.account_id,
        family_key=await family_key(connection, master_key, family_id),
        accepts=kind.accepts,
        replaces=replaces,
        absence_id=absence_id if kind.code == MEDICAL_CERTIFICATE else None,
    )


async def _replaced(connection: Connection, document_id: UUID, family_id: UUID) -> Document:
    """The document of the family that another one is for. Raises DocumentNotFound."""
    document = await repository.find(connection, document_id, family_id)
    if document is None:
        raise DocumentNotFound
    return document


def family_concerned(caller: Caller, family_id: UUID | None) -> UUID:
    """The family that the caller acts for: a guardian's own, or the one that the office names.

    Raises FamilyNotFound, DepositRefused.
    """
    own = caller.family_scope
    if own is not None and family_id not in (None, own):
        raise FamilyNotFound
    found = own or family_id
    if found is None:
        raise DepositRefused.because("family_id", "Indiquez la famille concernée.")
    return found


async def family_key(connection: Connection, master_key: MasterKey, family_id: UUID) -> bytes:
    """The family's data key, made at its first deposit."""
    key = await repository.family_key(connection, family_id)
    if key is None:
        fresh = master_key.new_family_key(family_id)
        key = await repository.keep_family_key(connection, family_id, fresh)
    return master_key.unwrap(key, family_id)


async def store_content(
    storage: Storage,
    ticket: Ticket,
    content: AsyncIterator[bytes],
    now: datetime,
    *,
    state: State = "submitted",
    max_bytes: int = MAX_BYTES,
) -> Document:
    """Check, encrypt and write the content as it comes in. Raises FileRefused; then none is kept.

    The object is there before the row is: a crash between the two leaves an orphan, never a
    document without content.
    """
    inspection = Inspection(max_bytes, ticket.accepts)
    fingerprint = Fingerprint(ticket.family_key)
    watched = fingerprint.watch(inspection.watch(content))
    sealed = seal(watched, ticket.family_key, ticket.document_id)
    await storage.write(ticket.family_id, ticket.document_id, sealed)
    return Document(
        document_id=ticket.document_id,
        family_id=ticket.family_id,
        child_id=ticket.child_id,
        document_type=ticket.document_type,
        filename=clean_filename(ticket.filename, inspection.content_type),
        content_type=inspection.content_type,
        size=inspection.size,
        fingerprint=fingerprint.digest(),
        deposited_by=ticket.deposited_by,
        deposited_at=now,
        state=state,
        replaces=ticket.replaces,
        absence_id=ticket.absence_id,
    )


async def record_deposit(connection: Connection, document: Document) -> Document:
    """Make the stored content a document; the same content again is the first document."""
    same = await repository.add(connection, document)
    if same:
        return same
    await outbox.append(connection, publishing.deposited(document))
    await papers_commands.record_start(connection, document)
    return document


async def open_document(
    connection: Connection, caller: Caller, document_id: UUID, now: datetime
) -> Document:
    """The document, its opening recorded.

    Raises DocumentNotFound, DocumentQuarantined, DocumentInfected.
    """
    document = await repository.find(connection, document_id, caller.family_scope)
    if document is None:
        raise DocumentNotFound
    if document.state in SEALED_OFF:
        raise DocumentInfected if document.state == "infected" else DocumentQuarantined
    await repository.record_opening(
        connection, document, caller.account_id, sorted(caller.roles), now
    )
    return document


async def keep_family(connection: Connection, event: FamilyFileUpdated) -> None:
    """Keep whose children are whose; an older file than ours changes nothing."""
    if await renamed.present_one(connection, event.family_id) != event.family_id:
        return  # merged into another family since: what it says is that one's file's to say
    await repository.keep_family(
        connection, event.family_id, event.record_version, [c.child_id for c in event.children]
    )
    await papers_commands.keep_name(connection, event)


async def remove_orphans(database: Database, storage: Storage, now: datetime) -> int:
    """Delete objects that became no document; returns how many."""
    removed = 0
    async for batch in storage.listing():
        old = [stored for stored in batch if stored.written_at < now - ORPHAN_AGE]
        async with database.connection() as connection:
            known = await repository.known(connection, [stored.document_id for stored in old])
        orphans = [stored.path for stored in old if stored.document_id not in known]
        await storage.remove(*orphans)
        removed += len(orphans)
    if removed:
        log.info("orphans_removed", objects=removed)
    return removed


async def discard_content(storage: Storage, document: Document) -> None:
    """Remove the content of a deposit that became no document of its own."""
    await storage.remove(path_of(document.family_id, document.document_id))
