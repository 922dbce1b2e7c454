"""What the staff and time do with documents: review them, remind of them, let go of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog

from contracts.events.accounts import FamilyFileUpdated
from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection, Database
from services.documents.errors import BadDocumentType, DocumentNotFound
from services.documents.model import Document, DocumentType, State
from services.documents.model.papers import (
    Step,
    accepted,
    check_type,
    gives_way,
    has_come_to,
    moved,
    rejected,
)
from services.documents.publishing import papers as publishing
from services.documents.repository import papers as papers
from services.documents.storage import Storage, path_of

log = structlog.get_logger()

# One transaction's worth: some hundred milliseconds, so that the office never waits for a job.
BATCH = 200


async def save_type(connection: Connection, kind: DocumentType) -> DocumentType:
    """Add the kind of document, or change the one of this code; the change is told.

    Raises BadDocumentType.
    """
    check_type(kind)
    # Changes take turns: the versions told must follow one another.
    await papers.lock_catalogue(connection)
    known = (await papers.types(connection)).get(kind.code)
    if known == kind:
        return kind
    if known and known.per_child != kind.per_child and await papers.is_used(connection, kind.code):
        raise BadDocumentType.because(
            "per_child", "Des familles ont déjà déposé cette pièce : créez-en une autre sorte."
        )
    await papers.save_type(connection, kind)
    await _tell_types(connection, changed=True)
    return kind


async def tell_types(connection: Connection) -> None:
    """Tell the list of types when its present state was never told."""
    await _tell_types(connection, changed=False)


async def _tell_types(connection: Connection, *, changed: bool) -> None:
    catalogue = await papers.lock_catalogue(connection)
    version = catalogue["version"] + changed
    if version == catalogue["told_version"]:
        return
    kinds = (await papers.types(connection)).values()
    await outbox.append(connection, publishing.types(catalogue["catalogue_id"], version, kinds))
    await papers.save_catalogue(connection, version, version)


async def record_start(connection: Connection, document: Document) -> None:
    """A document was handed in: its life begins, and the one that it replaces gives way."""
    first = Step(document.version, document.deposited_at, document.state, by=document.deposited_by)
    await papers.insert_step(connection, document.document_id, first)
    kind = (await papers.types(connection))[document.document_type]
    await outbox.append(connection, publishing.stands(document, kind, news=False))
    if document.replaces:
        before = await papers.lock(connection, document.replaces)
        if before and gives_way(before, document.state):
            await _take_step(
                connection, moved(before, "replaced"), kind, document.deposited_at, news=False
            )


async def accept(
    connection: Connection,
    document_id: UUID,
    *,
    valid_from: date | None,
    valid_until: date | None,
    now: datetime,
    by: UUID | None,
) -> Document:
    """Accept a document over these days, or those that its type proposes; earlier ones give way.

    Raises DocumentNotFound, BadValidity, NotToBeReviewed.
    """
    before = await _locked(connection, document_id)
    kind = (await papers.types(connection))[before.document_type]
    after = accepted(before, kind, valid_from=valid_from, valid_until=valid_until, now=now)
    if after.version == before.version:
        return before
    is_news = before.state not in ("accepted", "expiring")
    await _take_step(connection, after, kind, now, by=by, news=is_news)
    for earlier in await papers.lock_earlier(connection, after):
        if gives_way(earlier, "accepted"):
            await _take_step(connection, moved(earlier, "replaced"), kind, now, news=False)
    return after


async def reject(
    connection: Connection, document_id: UUID, *, reason: str, now: datetime, by: UUID | None
) -> Document:
    """Reject a document, with the reason that the family reads.

    Raises DocumentNotFound, NotToBeReviewed.
    """
    before = await _locked(connection, document_id)
    after = rejected(before, reason)
    if after.version == before.version:
        return before
    kind = (await papers.types(connection))[before.document_type]
    await _take_step(connection, after, kind, now, by=by, note=reason, news=True)
    return after


async def _locked(connection: Connection, document_id: UUID) -> Document:
    document = await papers.lock(connection, document_id)
    if document is None:
        raise DocumentNotFound
    return document


async def move(
    connection: Connection,
    document_id: UUID,
    state: State,
    now: datetime,
    *,
    note: str | None = None,
    news: bool = False,
) -> Document | None:
    """Bring the document to this state; None where it is gone, or the state does not follow."""
    before = await papers.lock(connection, document_id)
    if before is None:
        return None
    after = moved(before, state, note)
    if after.version == before.version:
        return None
    kind = (await papers.types(connection))[before.document_type]
    await _take_step(connection, after, kind, now, note=note, news=news)
    return after


async def _take_step(
    connection: Connection,
    document: Document,
    kind: DocumentType,
    now: datetime,
    *,
    by: UUID | None = None,
    note: str | None = None,
    news: bool,
) -> None:
    await papers.save_step(
        connection, document, Step(document.version, now, document.state, note, by)
    )
    await outbox.append(
        connection, *publishing.reached(document), publishing.stands(document, kind, news=news)
    )


async def follow_validity(database: Database, now: datetime, reminder: timedelta) -> int:
    """Remind of documents that soon hold no longer, and end those that do; returns how many."""
    followed = 0
    while True:
        async with database.transaction() as connection:
            ending = await papers.lock_ending(connection, paris_date(now), reminder, BATCH)
            kinds = await papers.types(connection)
            for document in ending:
                after = moved(document, has_come_to(document, paris_date(now), reminder))
                # Whoever has sent the next one needs no reminder.
                is_news = not await papers.has_newer_waiting(connection, document)
                await _take_step(
                    connection, after, kinds[document.document_type], now, news=is_news
                )
        followed += len(ending)
        if len(ending) < BATCH:
            return followed


async def tell_standings(database: Database) -> int:
    """Tell where documents stand that nobody was told of; returns how many."""
    told = 0
    while True:
        async with database.transaction() as connection:
            untold = await papers.lock_untold(connection, BATCH)
            kinds = await papers.types(connection)
            await outbox.append_all(
                connection,
                [publishing.stands(d, kinds[d.document_type], news=False) for d in untold],
            )
            await papers.mark_told(connection, [d.document_id for d in untold])
        told += len(untold)
        if len(untold) < BATCH:
            return told


async def purge(database: Database, storage: Storage, now: datetime, keep: timedelta) -> int:
    """Erase documents that have been of no use for so long; returns how many.

    Rows first: a crash before the objects are gone leaves orphans, which a job removes.
    """
    erased = 0
    while True:
        async with database.transaction() as connection:
            over = await papers.lock_over(connection, now - keep, BATCH)
            await _erase(connection, over)
        await storage.remove(*(path_of(d.key_family, d.document_id) for d in over))
        erased += len(over)
        if len(over) < BATCH:
            break
    if erased:
        log.info("documents_purged", documents=erased)
    return erased


async def _erase(connection: Connection, documents: Sequence[Document]) -> None:
    kinds = await papers.types(connection)
    last = [
        publishing.stands(
            replace(document, version=document.version + 1),
            kinds[document.document_type],
            state="erased",
            news=False,
        )
        for document in documents
    ]
    await outbox.append_all(connection, last)
    await papers.erase(connection, [document.document_id for document in documents])


async def keep_name(connection: Connection, event: FamilyFileUpdated) -> None:
    """Keep what the family and its children are called, for those who review their documents."""
    await papers.keep_name(
        connection,
        event.family_id,
        event.record_version,
        reference=event.reference,
        label=" – ".join(dict.fromkeys(g.last_name.upper() for g in event.guardians)),
        children={str(c.child_id): c.first_name for c in event.children},
    )
