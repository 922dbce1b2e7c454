"""What the town's accounts and the treasury are sent."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any

from services.chassis.clock import PARIS
from services.chassis.database import Connection

BOOKS = """
SELECT p.posted_at, p.kind, p.source_id, e.position, e.account, e.amount_cents, e.register,
       f.reference, i.number
FROM posting p JOIN ledger_entry e USING (posting_id)
LEFT JOIN family f ON f.family_id = e.family_id
LEFT JOIN invoice i ON i.invoice_id = e.invoice_id
WHERE p.posted_at >= $1 AND p.posted_at < $2
ORDER BY p.posted_at, p.posting_id, e.position
"""


async def books(connection: Connection, first: date, last: date) -> AsyncIterator[dict[str, Any]]:
    """The entries of these days in Paris, row by row; inside a transaction."""
    since = datetime.combine(first, time.min, PARIS)
    before = datetime.combine(last + timedelta(days=1), time.min, PARIS)
    async for row in connection.cursor(BOOKS, since, before, prefetch=1000):
        yield dict(row)
