"""What is shown of unpaid invoices, reminders and debts given up."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.billing.model.recovery import AGES, PAUSE, Step
from services.billing.queries import Page
from services.billing.repository import recovery
from services.billing.repository.recovery import DUE
from services.chassis.database import Connection

Row = dict[str, Any]

# $1: the day; $2 to $4: the last day of each age (migration 0054).
ALL_AGED = """
SELECT * FROM aged_balance($1, $2, $3, $4)
ORDER BY overdue DESC, total DESC, family_reference, family_id
"""
# The page and the town's sums, in one pass over the ledger.
AGED_PAGE = """
WITH aged AS MATERIALIZED (SELECT * FROM aged_balance($1, $2, $3, $4))
SELECT (SELECT to_jsonb(t) FROM (
           SELECT count(*) AS families, count(*) FILTER (WHERE overdue > 0) AS overdue_families,
                  coalesce(sum(not_due), 0) AS not_due, coalesce(sum(first), 0) AS first,
                  coalesce(sum(second), 0) AS second, coalesce(sum(third), 0) AS third,
                  coalesce(sum(fourth), 0) AS fourth, coalesce(sum(overdue), 0) AS overdue,
                  coalesce(sum(total), 0) AS total FROM aged) t) AS totals,
       (SELECT coalesce(jsonb_agg(p), '[]') FROM (
           SELECT * FROM aged ORDER BY overdue DESC, total DESC, family_reference, family_id
           LIMIT $5 OFFSET $6) p) AS families
"""

OVERDUE = """
SELECT i.invoice_id, i.number, i.family_id, f.label AS family_label, i.due_on, o.cents AS
       amount_cents, coalesce(r.step, 0) AS last_step, r.sent_at AS reminded_at
FROM (SELECT invoice_id, sum(amount_cents) AS cents FROM ledger_entry
      WHERE account = 'receivable' AND family_id = $1
      GROUP BY invoice_id HAVING sum(amount_cents) > 0) o
JOIN invoice i USING (invoice_id) JOIN family f USING (family_id)
LEFT JOIN LATERAL (SELECT l.step, m.sent_at FROM reminder_invoice l JOIN reminder m
                   USING (reminder_id) WHERE l.invoice_id = i.invoice_id
                   ORDER BY l.step DESC LIMIT 1) r ON true
ORDER BY i.due_on, i.number
"""

DUE_BY_STEP = (
    """
SELECT step, count(DISTINCT family_id) AS families,
       count(DISTINCT family_id) FILTER (WHERE NOT has_mail) AS letters,
       count(*) AS invoices, sum(amount_cents)::bigint AS amount_cents
FROM ("""
    + DUE
    + ") due GROUP BY step ORDER BY step"
)

WRITE_OFFS = """
SELECT w.write_off_id, w.invoice_id, i.number, w.family_id, f.label AS family_label,
       w.amount_cents, w.reason, w.decided_at, w.reversed_at
FROM write_off w JOIN invoice i USING (invoice_id) JOIN family f ON f.family_id = w.family_id
WHERE $1::uuid IS NULL OR w.write_off_id = $1
ORDER BY w.decided_at DESC, w.write_off_id LIMIT 500
"""


async def aged(connection: Connection, today: date, page: Page) -> tuple[list[Row], Row]:
    """What families owe by age of the debt, the largest overdue first; and the town's sums."""
    found = await connection.fetchrow(AGED_PAGE, today, *AGES, page.size, page.offset)
    return (found["families"], found["totals"]) if found else ([], {})


async def every_aged(connection: Connection, today: date) -> AsyncIterator[dict[str, Any]]:
    """The same, all of it, row by row; inside a transaction."""
    async for row in connection.cursor(ALL_AGED, today, *AGES, prefetch=500):
        yield dict(row)


async def overdue(connection: Connection, family_id: UUID) -> list[Row]:
    """What one family still has to pay, and the last reminder of each."""
    return [dict(row) for row in await connection.fetch(OVERDUE, family_id)]


async def due_reminders(connection: Connection, today: date) -> list[Row]:
    """How many reminders of each step are due, by which way, and for how much."""
    families, automatic = None, False  # all, by themselves or not
    rows = await connection.fetch(DUE_BY_STEP, today, PAUSE.days, families, automatic)
    return [dict(row) for row in rows]


async def steps(connection: Connection) -> Sequence[Step]:
    """When and in what words families are reminded."""
    return await recovery.steps(connection)


async def write_offs(connection: Connection, write_off_id: UUID | None = None) -> list[Row]:
    """Debts given up, newest first."""
    return [dict(row) for row in await connection.fetch(WRITE_OFFS, write_off_id)]


async def family_of(connection: Connection, invoice_id: UUID) -> UUID | None:
    """Whose invoice it is."""
    found: UUID | None = await connection.fetchval(
        "SELECT family_id FROM invoice WHERE invoice_id = $1", invoice_id
    )
    return found
