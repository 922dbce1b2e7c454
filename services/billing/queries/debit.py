"""What is shown of direct debits and of what the bank sent back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.billing.errors.treasury import UnknownBatch, UnknownReturnsFile
from services.billing.model.debits import reason_of
from services.billing.repository.debit_candidates import collectable
from services.chassis.database import Connection

Row = dict[str, Any]

BATCHES = """
SELECT b.batch_id, b.number, b.message_id, b.format, b.collected_on, b.created_at, b.debits,
       b.total_cents, b.collected_at, r.returned, r.returned_cents
FROM debit_batch b
CROSS JOIN LATERAL (
    SELECT count(*) AS returned, coalesce(sum(d.amount_cents), 0)::bigint AS returned_cents
    FROM debit d WHERE d.batch_id = b.batch_id AND d.returned_at IS NOT NULL) r
WHERE $1::uuid IS NULL OR b.batch_id = $1
ORDER BY b.number DESC LIMIT 200
"""

DEBITS = """
SELECT d.debit_id, d.end_to_end_id, d.family_id, f.label AS family_label, d.invoice_id,
       i.number AS invoice_number, d.rum, d.sequence_type, d.amount_cents, d.collected_at,
       d.returned_at, d.return_code
FROM debit d JOIN invoice i USING (invoice_id) JOIN family f ON f.family_id = d.family_id
WHERE d.batch_id = $1 ORDER BY i.number
"""

RETURN_FILES = """
SELECT r.file_id, r.message_id, r.read_at, r.applied_at, l.returns, l.total_cents
FROM debit_return_file r
CROSS JOIN LATERAL (
    SELECT count(*) AS returns, coalesce(sum(d.amount_cents), 0)::bigint AS total_cents
    FROM debit_return l JOIN debit d USING (debit_id) WHERE l.file_id = r.file_id) l
WHERE $1::uuid IS NULL OR r.file_id = $1
ORDER BY r.read_at DESC, r.file_id LIMIT 200
"""

RETURN_LINES = """
SELECT d.debit_id, d.end_to_end_id, d.family_id, f.label AS family_label, d.invoice_id,
       i.number AS invoice_number, d.amount_cents, r.code
FROM debit_return r JOIN debit d USING (debit_id) JOIN invoice i USING (invoice_id)
JOIN family f ON f.family_id = d.family_id
WHERE r.file_id = $1 ORDER BY r.position
"""


async def candidates(connection: Connection, collected_on: date, now: datetime) -> list[Row]:
    """The invoices that could be collected on this day."""
    rows = await collectable(connection, None, collected_on, now)
    return [{**row, "amount_cents": row["balance_cents"]} for row, _ in rows]


async def batches(connection: Connection) -> list[Row]:
    """The batches, newest first."""
    return [dict(row) for row in await connection.fetch(BATCHES, None)]


async def batch(connection: Connection, batch_id: UUID) -> Row:
    """One batch with its debits. Raises UnknownBatch."""
    row = await connection.fetchrow(BATCHES, batch_id)
    if row is None:
        raise UnknownBatch
    lines = await connection.fetch(DEBITS, batch_id)
    return {**row, "lines": [_with_reason(dict(line), line["return_code"]) for line in lines]}


async def sealed_file(connection: Connection, batch_id: UUID) -> tuple[int, bytes]:
    """The number and the sealed file of a batch. Raises UnknownBatch."""
    row = await connection.fetchrow(
        "SELECT number, file FROM debit_batch WHERE batch_id = $1", batch_id
    )
    if row is None:
        raise UnknownBatch
    return row["number"], row["file"]


async def return_files(connection: Connection) -> list[Row]:
    """The bank's files, newest first."""
    return [dict(row) for row in await connection.fetch(RETURN_FILES, None)]


async def return_file(connection: Connection, file_id: UUID) -> Row:
    """One file of the bank with its lines. Raises UnknownReturnsFile."""
    row = await connection.fetchrow(RETURN_FILES, file_id)
    if row is None:
        raise UnknownReturnsFile
    lines: Sequence[Any] = await connection.fetch(RETURN_LINES, file_id)
    return {**row, "lines": [_with_reason(dict(line), line["code"]) for line in lines]}


def _with_reason(row: Row, code: str | None) -> Row:
    reason = reason_of(code) if code else None
    return {
        **row,
        "reason": reason.label if reason else "",
        "ends_mandate": bool(reason and reason.ends_mandate),
    }
