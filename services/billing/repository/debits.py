"""Writes direct debits: batches, and what they collect. Lock order: invoices by id, then debits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from services.billing.model.debits import Debit
from services.billing.repository.payments import STANDING, LockedInvoice
from services.chassis.database import Connection

INSERT = """
INSERT INTO debit (debit_id, batch_id, end_to_end_id, family_id, invoice_id, mandate_id, rum,
    sequence_type, amount_cents)
SELECT t.debit_id, $1, t.end_to_end_id, t.family_id, t.invoice_id, t.mandate_id, t.rum,
       t.sequence_type, t.amount_cents
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
    $9::integer[])
    AS t (debit_id, end_to_end_id, family_id, invoice_id, mandate_id, rum, sequence_type,
          amount_cents)
"""

COLLECTABLE = f"""
SELECT d.debit_id, d.amount_cents, s.*
FROM debit d CROSS JOIN LATERAL ({STANDING} WHERE i.invoice_id = d.invoice_id) s
WHERE d.batch_id = $1 AND d.returned_at IS NULL ORDER BY s.number
"""  # noqa: S608 - constants

# What was paid otherwise meanwhile makes the debit an over-payment, which is the family's credit.
POST_COLLECTED = """
WITH due AS (
    SELECT d.debit_id, d.family_id, d.invoice_id, i.register,
           least(d.amount_cents, greatest(b.balance_cents, 0)) AS paid_cents, d.amount_cents
    FROM debit d JOIN invoice i USING (invoice_id)
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(e.amount_cents), 0)::integer AS balance_cents FROM ledger_entry e
        WHERE e.invoice_id = d.invoice_id AND e.account = 'receivable') b
    WHERE d.batch_id = $1 AND d.returned_at IS NULL
), fact AS (
    INSERT INTO posting (kind, source_id, posted_at)
    SELECT 'direct_debit', debit_id, $2 FROM due RETURNING posting_id, source_id
)
INSERT INTO ledger_entry (posting_id, position, account, amount_cents, family_id, invoice_id,
    register)
SELECT f.posting_id, e.position, e.account, e.amount_cents, d.family_id, e.invoice_id, d.register
FROM fact f JOIN due d ON d.debit_id = f.source_id
CROSS JOIN LATERAL (VALUES
    (1, 'direct_debit', d.paid_cents, NULL::uuid), (2, 'receivable', -d.paid_cents, d.invoice_id),
    (3, 'direct_debit', d.amount_cents - d.paid_cents, NULL),
    (4, 'family_credit', d.paid_cents - d.amount_cents, NULL))
    AS e (position, account, amount_cents, invoice_id)
WHERE e.amount_cents <> 0
"""


@dataclass(frozen=True, slots=True)
class Collected:
    """A debit on its day, and its invoice as it stood before."""

    debit_id: UUID
    amount_cents: int
    invoice: LockedInvoice

    @property
    def paid_cents(self) -> int:
        """What of it the invoice still asked for; the rest is the family's credit."""
        return min(self.amount_cents, max(self.invoice.balance_cents, 0))


@dataclass(frozen=True, slots=True)
class Batch:
    """What is sent to the bank at one time."""

    batch_id: UUID
    number: int
    message_id: str
    format: str
    collected_on: date
    debits: int
    total_cents: int


async def next_number(connection: Connection) -> int:
    """The next batch's number."""
    number: int = await connection.fetchval("SELECT nextval('debit_batch_number')")
    return number


async def insert(
    connection: Connection, batch: Batch, *, sealed_file: bytes, now: datetime, by: UUID | None
) -> None:
    """Keep a batch with its file."""
    await connection.execute(
        """INSERT INTO debit_batch (batch_id, number, message_id, format, collected_on, created_at,
               created_by, debits, total_cents, file)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        batch.batch_id,
        batch.number,
        batch.message_id,
        batch.format,
        batch.collected_on,
        now,
        by,
        batch.debits,
        batch.total_cents,
        sealed_file,
    )


async def insert_debits(connection: Connection, batch: Batch, debits: Sequence[Debit]) -> None:
    """Keep the debits of a batch; their mandates are used on the day of the collection."""
    await connection.execute(
        INSERT,
        batch.batch_id,
        [debit.debit_id for debit in debits],
        [debit.end_to_end_id for debit in debits],
        [debit.family_id for debit in debits],
        [debit.invoice_id for debit in debits],
        [debit.mandate_id for debit in debits],
        [debit.rum for debit in debits],
        [debit.sequence for debit in debits],
        [debit.amount_cents for debit in debits],
    )
    await connection.execute(
        "UPDATE mandate SET last_used_on = $2 WHERE mandate_id = ANY($1)",
        [debit.mandate_id for debit in debits],
        batch.collected_on,
    )


async def under_way(connection: Connection, invoice_ids: Collection[UUID]) -> date | None:
    """When the first of these invoices is collected, if one is with the bank."""
    day: date | None = await connection.fetchval(
        """SELECT min(b.collected_on) FROM debit d JOIN debit_batch b USING (batch_id)
           WHERE d.invoice_id = ANY($1) AND d.collected_at IS NULL AND d.returned_at IS NULL""",
        list(invoice_ids),
    )
    return day


async def due_batches(connection: Connection, today: date) -> list[UUID]:
    """The batches whose day has come and that are not booked yet."""
    rows = await connection.fetch(
        """SELECT batch_id FROM debit_batch WHERE collected_at IS NULL AND collected_on <= $1
           ORDER BY collected_on, number""",
        today,
    )
    return [row["batch_id"] for row in rows]


async def collect(connection: Connection, batch_id: UUID, now: datetime) -> list[Collected]:
    """Book what the bank collects of a batch, once; a batch that is booked already is nothing."""
    await connection.execute(
        """SELECT FROM invoice WHERE invoice_id IN (SELECT invoice_id FROM debit
               WHERE batch_id = $1) ORDER BY invoice_id FOR UPDATE""",
        batch_id,
    )
    if not await connection.fetchval(
        """UPDATE debit_batch SET collected_at = $2
           WHERE batch_id = $1 AND collected_at IS NULL RETURNING true""",
        batch_id,
        now,
    ):
        return []
    rows = await connection.fetch(COLLECTABLE, batch_id)
    await connection.execute(POST_COLLECTED, batch_id, now)
    await connection.execute(
        "UPDATE debit SET collected_at = $2 WHERE batch_id = $1 AND returned_at IS NULL",
        batch_id,
        now,
    )
    return [_collected(row) for row in rows]


def _collected(row: asyncpg.Record) -> Collected:
    values = dict(row)
    debit_id, amount_cents = values.pop("debit_id"), values.pop("amount_cents")
    return Collected(debit_id, amount_cents, LockedInvoice(**values))
