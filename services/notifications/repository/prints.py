"""Letters and the batches they are printed in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.notifications.model import Kind, Message, PrintBatch, PrintedLetter, PrintFile
from services.notifications.repository.messages import COLUMNS, message_of, message_or_none

# Not skipped: of two clerks who print at once the second waits, and then finds an empty tray.
LOCK_TO_PRINT = f"""
SELECT {COLUMNS} FROM message WHERE status = 'to_print' AND ($2::text IS NULL OR kind = $2)
ORDER BY created_at, message_id LIMIT $1 FOR UPDATE
"""  # noqa: S608 - a constant

SELECT_IN_TRAY = f"""
SELECT {COLUMNS} FROM message WHERE message_id = $1 AND status = 'to_print'
"""  # noqa: S608 - a constant

SELECT_PRINTED = """
SELECT batch_id, first_page, pages FROM message WHERE message_id = $1 AND batch_id IS NOT NULL
"""


async def lock_to_print(
    connection: Connection, limit: int, kind: Kind | None = None
) -> Sequence[Message]:
    """The letters in the print tray, all or of one kind, oldest first."""
    return [message_of(row) for row in await connection.fetch(LOCK_TO_PRINT, limit, kind)]


async def letter_in_tray(connection: Connection, message_id: UUID) -> Message | None:
    """The letter, if it is still to be printed."""
    return message_or_none(await connection.fetchrow(SELECT_IN_TRAY, message_id))


async def printed_letter(
    connection: Connection, message_id: UUID
) -> tuple[UUID, PrintedLetter] | None:
    """In which batch a letter was printed, and where in it."""
    row = await connection.fetchrow(SELECT_PRINTED, message_id)
    if row is None:
        return None
    return row["batch_id"], PrintedLetter(message_id, row["first_page"], row["pages"])


async def add_print_batch(connection: Connection, batch: PrintBatch, sealed_pdf: bytes) -> None:
    """Keep what was printed together, sealed."""
    await connection.execute(
        """INSERT INTO print_batch (batch_id, letters, pages, sealed_pdf, printed_by, created_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        batch.batch_id,
        batch.letters,
        batch.pages,
        sealed_pdf,
        batch.printed_by,
        batch.created_at,
    )


async def mark_printed(
    connection: Connection, batch: PrintBatch, letters: Sequence[PrintedLetter]
) -> None:
    """The letters are on paper: their passwords are erased."""
    await connection.execute(
        """UPDATE message m SET status = 'printed', sent_at = $2, batch_id = $1, reason = NULL,
                  first_page = t.first_page, pages = t.pages, sealed_password = NULL
           FROM unnest($3::uuid[], $4::int[], $5::int[]) AS t (id, first_page, pages)
           WHERE m.message_id = t.id""",
        batch.batch_id,
        batch.created_at,
        [letter.message_id for letter in letters],
        [letter.first_page for letter in letters],
        [letter.pages for letter in letters],
    )


async def print_file(connection: Connection, batch_id: UUID) -> PrintFile | None:
    """The file of a batch, sealed; without content once it was erased."""
    row = await connection.fetchrow(
        "SELECT batch_id, sealed_pdf FROM print_batch WHERE batch_id = $1", batch_id
    )
    return PrintFile(row["batch_id"], row["sealed_pdf"]) if row else None


async def erase_prints(connection: Connection, before: datetime) -> None:
    """Erase the files of print batches older than that; what was printed stays known."""
    await connection.execute(
        """UPDATE print_batch SET sealed_pdf = NULL
           WHERE created_at < $1 AND sealed_pdf IS NOT NULL""",
        before,
    )
