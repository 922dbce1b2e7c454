"""Writes direct debits. Lock order: invoices by id, then mandates, then debits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import asyncpg

from services.billing.model.debits import Debit, Use, end_to_end_id, sequences
from services.billing.model.debits import Sequence as SequenceType
from services.billing.model.mandates import UNUSED_MONTHS
from services.billing.model.payments import SETTLED_AFTER
from services.billing.repository.payments import STANDING, LockedInvoice
from services.chassis.database import Connection

# $1: the day of the collection; $2: how long a mandate lives unused; $3: since when a payment
# page may still take money; $4: of these invoices, or of all.
CANDIDATES = """
SELECT i.invoice_id, i.number, i.family_id, f.label AS family_label,
       i.family_reference, i.due_on, o.cents AS balance_cents, m.mandate_id, m.rum, m.holder,
       m.masked, m.bic, m.iban, m.signed_on, m.one_off, m.ends_on,
       EXISTS (SELECT FROM debit d
               WHERE d.mandate_id = m.mandate_id AND d.returned_at IS NULL) AS used
FROM mandate m
JOIN family f USING (family_id)
JOIN invoice i USING (family_id)
JOIN invoice_owed o USING (invoice_id)
WHERE m.revoked_at IS NULL
  AND (coalesce(m.last_used_on, m.signed_on) + make_interval(months => $2))::date >= $1::date
  AND (m.ends_on IS NULL OR m.ends_on >= $1::date)
  AND ($4::uuid[] IS NULL OR i.invoice_id = ANY($4))
  AND NOT EXISTS (SELECT FROM debit d WHERE d.mandate_id = m.mandate_id
                  AND d.sequence_type IN ('OOFF', 'FNAL') AND d.returned_at IS NULL)
  AND NOT EXISTS (SELECT FROM debit d WHERE d.invoice_id = i.invoice_id
                  AND d.collected_at IS NULL AND d.returned_at IS NULL)
  AND NOT EXISTS (SELECT FROM pes_piece p WHERE p.invoice_id = i.invoice_id)
  AND NOT EXISTS (SELECT FROM payment_invoice s JOIN payment p USING (payment_id)
                  WHERE s.invoice_id = i.invoice_id
                    AND (p.status = 'pending' OR (p.status = 'cancelled' AND p.started_at > $3)))
ORDER BY i.number
"""

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
class Candidate:
    """An invoice that can be collected by a mandate; the account still sealed."""

    debit: Debit
    holder: str
    bic: str
    sealed_iban: bytes
    signed_on: date


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


async def lock_chosen(
    connection: Connection, chosen: Collection[UUID] | None, collected_on: date, now: datetime
) -> None:
    """Hold the invoices that can be collected, then their families' mandates."""
    rows = await connection.fetch(
        CANDIDATES,
        collected_on,
        UNUSED_MONTHS,
        now - SETTLED_AFTER,
        list(chosen) if chosen is not None else None,
    )
    await connection.execute(
        "SELECT FROM invoice WHERE invoice_id = ANY($1) ORDER BY invoice_id FOR UPDATE",
        [row["invoice_id"] for row in rows],
    )
    await connection.execute(
        "SELECT FROM mandate WHERE mandate_id = ANY($1) ORDER BY mandate_id FOR NO KEY UPDATE",
        [row["mandate_id"] for row in rows],
    )


async def candidates(
    connection: Connection,
    chosen: Collection[UUID] | None,
    collected_on: date,
    now: datetime,
    batch_number: int,
) -> list[Candidate]:
    """Of the chosen invoices (None: of all) those that can be collected, in their order."""
    rows = await collectable(connection, chosen, collected_on, now)
    return [_candidate(row, sequence, batch_number) for row, sequence in rows]


async def collectable(
    connection: Connection, chosen: Collection[UUID] | None, collected_on: date, now: datetime
) -> list[tuple[asyncpg.Record, SequenceType]]:
    """The same as rows, each with its place among the debits of its mandate."""
    rows = await connection.fetch(
        CANDIDATES,
        collected_on,
        UNUSED_MONTHS,
        now - SETTLED_AFTER,
        list(chosen) if chosen is not None else None,
    )
    of_mandate: dict[UUID, list[asyncpg.Record]] = {}
    for row in rows:
        of_mandate.setdefault(row["mandate_id"], []).append(row)
    places: dict[UUID, SequenceType] = {}
    for found in of_mandate.values():
        use = Use(found[0]["one_off"], found[0]["used"], found[0]["ends_on"])
        row_of_debits = sequences(use, collected_on, len(found))
        # A mandate may collect fewer: one of a single collection, or with an end.
        collected = zip(found, row_of_debits, strict=False)
        places |= {row["invoice_id"]: place for row, place in collected}
    return [(row, places[row["invoice_id"]]) for row in rows if row["invoice_id"] in places]


def _candidate(row: asyncpg.Record, sequence: SequenceType, batch_number: int) -> Candidate:
    debit = Debit(
        debit_id=uuid4(),
        end_to_end_id=end_to_end_id(row["number"], batch_number),
        family_id=row["family_id"],
        invoice_id=row["invoice_id"],
        number=row["number"],
        mandate_id=row["mandate_id"],
        rum=row["rum"],
        sequence=sequence,
        amount_cents=row["balance_cents"],
    )
    return Candidate(debit, row["holder"], row["bic"], row["iban"], row["signed_on"])


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
