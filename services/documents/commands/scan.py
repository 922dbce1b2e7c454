"""The quarantine: every document is judged by the scanner before anyone can open it."""

from datetime import datetime, timedelta
from typing import Final

import structlog

from services.chassis.database import Connection, Database
from services.documents import commands
from services.documents.clients import Clamd, Verdict
from services.documents.commands import papers as papers_commands
from services.documents.errors import DocumentDamaged, ScanFailed, ScannerAway
from services.documents.model import Document
from services.documents.repository import papers as papers
from services.documents.storage import Storage, path_of

log = structlog.get_logger()

BATCH: Final = 20
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)


async def scan_waiting(database: Database, storage: Storage, scanner: Clamd, now: datetime) -> int:
    """Have those in quarantine judged; returns how many were. Without the scanner they wait on."""
    async with database.connection() as connection:
        waiting = await papers.to_scan(connection, now, BATCH)
    judged = 0
    for document in waiting:
        try:
            verdict = await _judge(database, storage, scanner, document)
        except ScannerAway as error:
            log.warning("scanner_away", reason=str(error), waiting=len(waiting) - judged)
            break
        except (ScanFailed, DocumentDamaged) as error:
            await _put_off(database, document, now, repr(error))
            continue
        await _conclude(database, storage, document, verdict, now)
        judged += 1
    return judged


async def _judge(
    database: Database, storage: Storage, scanner: Clamd, document: Document
) -> Verdict:
    async with database.transaction() as connection:
        key = await commands.family_key(connection, storage.master_key, document.key_family)
    return await scanner.scan(storage.content(document.key_family, document.document_id, key))


async def _conclude(
    database: Database, storage: Storage, document: Document, verdict: Verdict, now: datetime
) -> None:
    async with database.transaction() as connection:
        if verdict.is_clean:
            await _release(connection, document, now)
        else:
            await papers_commands.move(
                connection, document.document_id, "infected", now, note=verdict.signature, news=True
            )
    if not verdict.is_clean:
        log.warning("infected_document_removed", document_id=str(document.document_id))
        # After the commit: a crash before it leaves the content in quarantine, to be judged anew.
        await storage.remove(path_of(document.key_family, document.document_id))


async def _release(connection: Connection, document: Document, now: datetime) -> None:
    await papers_commands.move(connection, document.document_id, "submitted", now)
    if await papers.is_replaced(connection, document.document_id):
        await papers_commands.move(connection, document.document_id, "replaced", now)


async def _put_off(database: Database, document: Document, now: datetime, reason: str) -> None:
    """This one's fault, not the scanner's: the others must not wait behind it."""
    async with database.transaction() as connection:
        attempts = await papers.scan_attempts(connection, document.document_id)
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts, 12))
        await papers.put_off_scan(connection, document.document_id, now + pause)
    log.warning("scan_failed", document_id=str(document.document_id), reason=reason)
