"""Writes what the bank sent back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.billing.errors.treasury import AlreadyApplied, UnknownReturnsFile
from services.billing.model.debits import SentDebit
from services.chassis.database import Connection

SENT = """
SELECT d.debit_id, d.end_to_end_id, d.family_id, d.invoice_id, i.number, d.mandate_id,
       d.amount_cents, d.collected_at, d.returned_at
FROM debit d JOIN invoice i USING (invoice_id) WHERE d.end_to_end_id = ANY($1)
"""


@dataclass(frozen=True, slots=True)
class ToReturn:
    """A debit and the reason for which it comes back."""

    sent: SentDebit
    code: str


async def sent(connection: Connection, end_to_end_ids: Collection[str]) -> dict[str, SentDebit]:
    """The debits of these references, by reference; what we never sent is not among them."""
    rows = await connection.fetch(SENT, list(end_to_end_ids))
    return {row["end_to_end_id"]: SentDebit(**dict(row)) for row in rows}


async def was_applied(connection: Connection, digest: bytes, message_id: str) -> bool:
    """Whether this file, or another of the same message, is booked."""
    found: bool = await connection.fetchval(
        """SELECT EXISTS (SELECT FROM debit_return_file WHERE applied_at IS NOT NULL
               AND (digest = $1 OR message_id = $2))""",
        digest,
        message_id,
    )
    return found


async def keep(
    connection: Connection,
    file_id: UUID,
    returns: Sequence[tuple[UUID, str]],
    *,
    digest: bytes,
    message_id: str,
    now: datetime,
    by: UUID | None,
) -> None:
    """Keep a file that was read: (debit, code) of each line; an earlier reading of it goes."""
    await connection.execute(
        "DELETE FROM debit_return_file WHERE digest = $1 AND applied_at IS NULL", digest
    )
    await connection.execute(
        """INSERT INTO debit_return_file (file_id, digest, message_id, read_at, read_by)
           VALUES ($1, $2, $3, $4, $5)""",
        file_id,
        digest,
        message_id,
        now,
        by,
    )
    await connection.execute(
        """INSERT INTO debit_return (file_id, position, debit_id, code)
           SELECT $1, t.position, t.debit_id, t.code
           FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS t (debit_id, code, position)""",
        file_id,
        [debit_id for debit_id, _ in returns],
        [code for _, code in returns],
    )


async def take(connection: Connection, file_id: UUID, now: datetime, by: UUID | None) -> None:
    """Mark the file applied, for good. Raises UnknownReturnsFile, AlreadyApplied."""
    row = await connection.fetchrow(
        "SELECT applied_at FROM debit_return_file WHERE file_id = $1 FOR UPDATE", file_id
    )
    if row is None:
        raise UnknownReturnsFile
    if row["applied_at"] is not None:
        raise AlreadyApplied
    await connection.execute(
        "UPDATE debit_return_file SET applied_at = $2, applied_by = $3 WHERE file_id = $1",
        file_id,
        now,
        by,
    )


async def families(connection: Connection, file_id: UUID) -> list[UUID]:
    """The families of the file's debits."""
    rows = await connection.fetch(
        """SELECT DISTINCT d.family_id FROM debit_return r JOIN debit d USING (debit_id)
           WHERE r.file_id = $1""",
        file_id,
    )
    return [row["family_id"] for row in rows]


async def lock_debits(connection: Connection, file_id: UUID) -> list[ToReturn]:
    """Hold the invoices of the families of the file's debits, then the debits, in file order."""
    await connection.execute(
        """SELECT FROM invoice WHERE family_id IN (
               SELECT d.family_id FROM debit_return r JOIN debit d USING (debit_id)
               WHERE r.file_id = $1) ORDER BY invoice_id FOR UPDATE""",
        file_id,
    )
    rows = await connection.fetch(
        """SELECT d.debit_id, d.end_to_end_id, d.family_id, d.invoice_id, i.number, d.mandate_id,
                  d.amount_cents, d.collected_at, d.returned_at, r.code
           FROM debit_return r JOIN debit d USING (debit_id) JOIN invoice i USING (invoice_id)
           WHERE r.file_id = $1 ORDER BY r.position FOR UPDATE OF d""",
        file_id,
    )
    values = [dict(row) for row in rows]
    return [ToReturn(code=value.pop("code"), sent=SentDebit(**value)) for value in values]


async def mark(connection: Connection, returned: Sequence[ToReturn], now: datetime) -> None:
    """Note that these debits came back."""
    await connection.execute(
        """UPDATE debit d SET returned_at = $3, return_code = t.code
           FROM unnest($1::uuid[], $2::text[]) AS t (debit_id, code)
           WHERE d.debit_id = t.debit_id""",
        [one.sent.debit_id for one in returned],
        [one.code for one in returned],
        now,
    )
