"""What the town's accounts and the treasury are sent."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.billing.errors.treasury import UnknownBordereau
from services.billing.model.payments import SETTLED_AFTER
from services.billing.repository import treasury
from services.chassis.clock import PARIS
from services.chassis.database import Connection

Row = dict[str, Any]

# More than a city has unpaid at one time.
MOST_COUNTED = 100_000
REGISTERS = "SELECT code FROM register ORDER BY code"

BOOKS = """
SELECT p.posted_at, p.kind, p.source_id, e.position, e.account, e.amount_cents, e.register,
       f.reference, i.number
FROM posting p JOIN ledger_entry e USING (posting_id)
LEFT JOIN family f ON f.family_id = e.family_id
LEFT JOIN invoice i ON i.invoice_id = e.invoice_id
WHERE p.posted_at >= $1 AND p.posted_at < $2
ORDER BY p.posted_at, p.posting_id, e.position
"""


BORDEREAUX = """
SELECT batch_id, fiscal_year, number, register, filename, created_at, pieces, total_cents,
       with_papers, debited_on
FROM pes_batch WHERE $1::uuid IS NULL OR batch_id = $1
ORDER BY fiscal_year DESC, number DESC LIMIT 200
"""


async def bordereaux(connection: Connection) -> list[Row]:
    """What the accountant was sent, newest first."""
    return [dict(row) for row in await connection.fetch(BORDEREAUX, None)]


async def bordereau(connection: Connection, batch_id: UUID) -> Row:
    """One bordereau. Raises UnknownBordereau."""
    row = await connection.fetchrow(BORDEREAUX, batch_id)
    if row is None:
        raise UnknownBordereau
    return dict(row)


async def sealed_file(connection: Connection, batch_id: UUID) -> tuple[str, bytes]:
    """The name and the sealed file of a bordereau. Raises UnknownBordereau."""
    row = await connection.fetchrow(
        "SELECT filename, file FROM pes_batch WHERE batch_id = $1", batch_id
    )
    if row is None:
        raise UnknownBordereau
    return row["filename"], row["file"]


async def transmissible(connection: Connection, register: str, due_by: date, now: datetime) -> Row:
    """How many invoices of this register that were due by then are unpaid, and for how much."""
    found = await treasury.unpaid(
        connection, register, due_by, most=MOST_COUNTED, since=now - SETTLED_AFTER
    )
    return {
        "invoices": len(found),
        "with_mandate": sum(invoice.mandate_id is not None for invoice in found),
        "total_cents": sum(invoice.balance_cents for invoice in found),
        "registers": [row["code"] for row in await connection.fetch(REGISTERS)],
    }


async def books(connection: Connection, first: date, last: date) -> AsyncIterator[dict[str, Any]]:
    """The entries of these days in Paris, row by row; inside a transaction."""
    since = datetime.combine(first, time.min, PARIS)
    before = datetime.combine(last + timedelta(days=1), time.min, PARIS)
    async for row in connection.cursor(BOOKS, since, before, prefetch=1000):
        yield dict(row)
