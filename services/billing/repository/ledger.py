"""Writes and reads the books. An entry, once written, is never changed: see migration 0040."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.billing.model.ledger import Account, Entry, Posting
from services.chassis.database import Connection

# The fact may be posted already: then neither it nor its entries are written again.
POST = """
WITH fact AS (
    INSERT INTO posting (kind, source_id, posted_at) VALUES ($1, $2, $3)
    ON CONFLICT (kind, source_id) DO NOTHING RETURNING posting_id
)
INSERT INTO ledger_entry (posting_id, position, account, amount_cents, family_id, invoice_id,
    register)
SELECT f.posting_id, e.position, e.account, e.amount_cents, e.family_id, e.invoice_id, e.register
FROM fact f CROSS JOIN unnest($4::text[], $5::integer[], $6::uuid[], $7::uuid[], $8::text[])
    WITH ORDINALITY AS e(account, amount_cents, family_id, invoice_id, register, position)
"""

POST_INVOICES = """
WITH fact AS (
    INSERT INTO posting (kind, source_id, posted_at)
    SELECT 'invoice', i.invoice_id, i.issued_on::timestamp AT TIME ZONE 'Europe/Paris'
    FROM invoice i WHERE i.invoice_id = ANY($1)
    RETURNING posting_id, source_id
)
INSERT INTO ledger_entry (posting_id, position, account, amount_cents, family_id, invoice_id,
    register)
SELECT f.posting_id, e.position, e.account, e.amount_cents, i.family_id, i.invoice_id, i.register
FROM fact f JOIN invoice i ON i.invoice_id = f.source_id
CROSS JOIN LATERAL (VALUES (1, 'receivable', i.total_cents), (2, 'revenue', -i.total_cents))
    AS e (position, account, amount_cents)
"""

# A family's credit goes to its new invoices in the order of their numbers, when they are issued.
USE_CREDITS = """
WITH credit AS (
    SELECT e.family_id, -sum(e.amount_cents) AS cents FROM ledger_entry e
    WHERE e.account = 'family_credit'
      AND e.family_id IN (SELECT i.family_id FROM invoice i WHERE i.invoice_id = ANY($1))
    GROUP BY e.family_id HAVING sum(e.amount_cents) < 0
), asked AS (
    SELECT i.invoice_id, i.family_id, i.register, i.total_cents, c.cents,
           i.issued_on::timestamp AT TIME ZONE 'Europe/Paris' AS used_at,
           sum(i.total_cents) OVER (PARTITION BY i.family_id ORDER BY i.number)
               - i.total_cents AS before
    FROM invoice i JOIN credit c USING (family_id) WHERE i.invoice_id = ANY($1)
), used AS (
    SELECT invoice_id, family_id, register, used_at,
           least(total_cents, cents - before)::integer AS cents
    FROM asked WHERE cents > before
), fact AS (
    INSERT INTO posting (kind, source_id, posted_at)
    SELECT 'credit_use', invoice_id, used_at FROM used RETURNING posting_id, source_id
), written AS (
    INSERT INTO ledger_entry (posting_id, position, account, amount_cents, family_id, invoice_id,
        register)
    SELECT f.posting_id, e.position, e.account, e.cents, u.family_id, e.invoice_id, u.register
    FROM fact f JOIN used u ON u.invoice_id = f.source_id
    CROSS JOIN LATERAL (VALUES (1, 'family_credit', NULL::uuid, u.cents),
                               (2, 'receivable', u.invoice_id, -u.cents))
        AS e (position, account, invoice_id, cents)
)
SELECT f.posting_id, u.invoice_id, u.family_id, u.used_at, u.cents AS amount_cents
FROM used u JOIN fact f ON f.source_id = u.invoice_id ORDER BY u.family_id, u.invoice_id
"""

ENTRIES = """
SELECT e.account, e.amount_cents, e.family_id, e.invoice_id, e.register
FROM posting p JOIN ledger_entry e USING (posting_id)
WHERE p.kind = $1 AND p.source_id = $2 ORDER BY e.position
"""


async def post(connection: Connection, posting: Posting, *, at: datetime) -> None:
    """Write the posting; one of the same kind and source was written already, and stays."""
    entries = posting.entries
    await connection.execute(
        POST,
        posting.kind,
        posting.source_id,
        at,
        [entry.account for entry in entries],
        [entry.amount_cents for entry in entries],
        [entry.family_id for entry in entries],
        [entry.invoice_id for entry in entries],
        [entry.register for entry in entries],
    )


async def post_invoices(
    connection: Connection, invoice_ids: Collection[UUID], *, timeout_seconds: float
) -> None:
    """Post new invoices on the day of their issue: families owe what the register has earned."""
    await connection.execute(POST_INVOICES, invoice_ids, timeout=timeout_seconds)


@dataclass(frozen=True, slots=True)
class CreditUse:
    """What of a family's credit paid a new invoice."""

    posting_id: UUID
    invoice_id: UUID
    family_id: UUID
    used_at: datetime
    amount_cents: int


async def use_credits(
    connection: Connection, invoice_ids: Collection[UUID], *, timeout_seconds: float
) -> list[CreditUse]:
    """Pay new invoices from what their families have to their credit.

    The families are locked, as they are for refunds and reversals: no credit is spent twice.
    """
    rows = await connection.fetch(USE_CREDITS, invoice_ids, timeout=timeout_seconds)
    return [CreditUse(**dict(row)) for row in rows]


async def find(connection: Connection, kind: str, source_id: UUID) -> Posting | None:
    """The posting of this fact, if there is one."""
    rows = await connection.fetch(ENTRIES, kind, source_id)
    entries = tuple(Entry(**{**row, "account": Account(row["account"])}) for row in rows)
    return Posting(kind, source_id, entries) if entries else None


async def family_credit(connection: Connection, family_id: UUID) -> int:
    """What the town owes the family, in cents."""
    owed: int = await connection.fetchval(
        """SELECT -coalesce(sum(amount_cents), 0) FROM ledger_entry
           WHERE family_id = $1 AND account = 'family_credit'""",
        family_id,
    )
    return owed
