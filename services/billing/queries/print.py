"""What was printed of a month's invoices, and the files."""

from uuid import UUID

from services.billing.errors import PrintErased, UnknownPrint
from services.billing.model.months import Month
from services.billing.queries import Row
from services.chassis.database import Connection

BATCHES = """
SELECT batch_id, to_char(month, 'YYYY-MM') AS month, without_mail, volume, volumes, invoices,
       done, pages, asked_at, finished_at, pdf IS NOT NULL AS kept
FROM print_batch WHERE $1::date IS NULL OR month = $1
ORDER BY asked_at DESC, volume LIMIT 200
"""
FILE = "SELECT to_char(month, 'YYYY-MM') AS month, volume, pdf FROM print_batch WHERE batch_id = $1"


async def batches(connection: Connection, month: Month | None) -> list[Row]:
    """What was asked for, newest first."""
    rows = await connection.fetch(BATCHES, month.first if month else None)
    return [dict(row) for row in rows]


async def file(connection: Connection, batch_id: UUID) -> Row:
    """The file of a batch, its month and volume. Raises UnknownPrint, PrintErased."""
    row = await connection.fetchrow(FILE, batch_id)
    if row is None:
        raise UnknownPrint
    if row["pdf"] is None:
        raise PrintErased
    return dict(row)
