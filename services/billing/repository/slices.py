"""Writes the invoices that a run has planned, some hundreds of families at a time."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.billing.model.registers import DEFAULT_REGISTER
from services.billing.repository import ledger
from services.billing.repository.plans import NUMBER
from services.chassis.database import Connection

# For the statements of one slice, on a machine that has much else to do.
SLICE_SECONDS = 120

# The planned row becomes the invoice.
ISSUE = """
WITH planned AS (
    DELETE FROM planned_invoice WHERE {which} RETURNING *
)
INSERT INTO invoice (invoice_id, register, fiscal_year, sequence, number, family_id, month,
    pass_id, issued_on, due_on, total_cents, family_reference, addressee)
SELECT p.invoice_id, p.register, p.fiscal_year, p.sequence,
       {number},
       p.family_id, p.month, p.pass_id, p.issued_on, p.due_on, p.total_cents,
       f.reference, f.addressee
FROM planned p JOIN family f USING (family_id)
RETURNING invoice_id
"""
ISSUE_SLICE = ISSUE.format(which="slice_id = $1", number=NUMBER)
# Run at every piece of news: planned once, as in `charges`.
ISSUE_OF_FAMILIES = ISSUE.format(
    which="family_id = ANY ((SELECT $1::uuid[])::uuid[])", number=NUMBER
)

# From here on an invoice holds them: charges taken from what is open, with their `invoice_id`.
KEEP = """
INSERT INTO invoiced_charge (invoice_id, child_id, session_id, family_id, activity_id, date,
    basis, corrects, tariff_id, quotient, quotient_until, quotient_state, band_from, band_to,
    unit_cents, surcharge_cents, amount_cents, late_surcharge_cents, rule)
SELECT invoice_id, child_id, session_id, family_id, activity_id, date,
    basis, corrects, tariff_id, quotient, quotient_until, quotient_state, band_from, band_to,
    unit_cents, surcharge_cents, amount_cents, coalesce(late_surcharge_cents, 0), rule
FROM
"""

# The charges move from what is open to what an invoice holds; what costs the same for the same
# reason is one line with its days. A payer's file need not have the child: its part names it.
HOLD = f"""
WITH issued AS MATERIALIZED (
    SELECT invoice_id, family_id, register, (month + interval '1 month')::date AS after
    FROM invoice WHERE invoice_id = ANY($1)
), billed_by AS MATERIALIZED (
    SELECT a.activity_id, coalesce(r.register, $2) AS register
    FROM activity a LEFT JOIN register_of_kind r USING (kind)
), held AS (
    DELETE FROM open_charge c USING issued i
    WHERE c.family_id = i.family_id AND c.amount_cents IS NOT NULL AND c.date < i.after
      AND i.register = (SELECT register FROM billed_by b WHERE b.activity_id = c.activity_id)
    RETURNING i.invoice_id, c.*
), kept AS (
    {KEEP} held
)
INSERT INTO invoice_line (invoice_id, position, child_id, child_name, activity_id, activity_name,
    month, basis, corrects, quotient, quotient_until, quotient_state, band_from, band_to,
    surcharge_cents, quantity, unit_cents, amount_cents, dates, tariff_id, rule)
SELECT g.invoice_id,
       row_number() OVER (PARTITION BY g.invoice_id ORDER BY g.corrects IS NOT NULL,
           k.first_name, g.child_id, a.name, g.activity_id, g.month, g.dates, g.basis,
           g.amount_cents),
       g.child_id,
       coalesce(k.first_name || ' ' || k.last_name, g.rule ->> 'child', 'Enfant'),
       g.activity_id, a.name, g.month, g.basis, g.corrects, g.quotient, g.quotient_until,
       g.quotient_state, g.band_from, g.band_to, g.surcharge_cents,
       g.quantity, g.amount_cents, g.quantity * g.amount_cents, g.dates,
       g.tariff_id, g.rule
FROM (
    SELECT c.invoice_id, c.family_id, c.child_id, c.activity_id,
           date_trunc('month', c.date)::date AS month, c.basis, c.corrects, c.quotient,
           c.quotient_until, c.quotient_state, c.band_from, c.band_to, s.surcharge_cents,
           c.amount_cents, c.tariff_id, c.rule, count(*) AS quantity,
           array_agg(c.date ORDER BY c.date) AS dates
    FROM held c
    CROSS JOIN LATERAL (
        SELECT CASE c.basis WHEN 'late_reservation' THEN coalesce(c.late_surcharge_cents, 0)
                            ELSE c.surcharge_cents END AS surcharge_cents) s
    GROUP BY c.invoice_id, c.family_id, c.child_id, c.activity_id, date_trunc('month', c.date),
             c.basis, c.corrects, c.quotient, c.quotient_until, c.quotient_state, c.band_from,
             c.band_to, s.surcharge_cents, c.amount_cents, c.tariff_id, c.rule
) g
JOIN activity a USING (activity_id)
LEFT JOIN child k USING (family_id, child_id)
"""  # noqa: S608 - constants of this service

# One event an invoice, in the outbox of the same transaction, in the order of the numbers.
TELL = """
INSERT INTO outbox (id, topic, key, type, body, correlation_id)
SELECT gen_random_uuid(), $2, i.family_id::text, $3,
       jsonb_build_object('invoice_id', i.invoice_id, 'family_id', i.family_id,
           'number', i.number, 'period', to_char(i.month, 'YYYY-MM'),
           'total_cents', i.total_cents, 'due_on', i.due_on)::text,
       $4
FROM invoice i WHERE i.invoice_id = ANY($1) ORDER BY i.register, i.fiscal_year, i.sequence
"""

ASTRAY = """
SELECT i.number FROM invoice i
WHERE i.invoice_id = ANY($1)
  AND i.total_cents IS DISTINCT FROM (SELECT sum(l.amount_cents) FROM invoice_line l
                                      WHERE l.invoice_id = i.invoice_id)
"""


class PlanBroken(RuntimeError):
    """An account changed between the plan and the invoice: nothing of the slice is issued."""


async def take(connection: Connection, slice_id: UUID, *, now: datetime) -> UUID | None:
    """Mark the slice as done in this transaction; its run, or None when it was done before."""
    run_id: UUID | None = await connection.fetchval(
        """UPDATE billing_slice SET done_at = $2 WHERE slice_id = $1 AND done_at IS NULL
           RETURNING run_id""",
        slice_id,
        now,
    )
    return run_id


async def families(connection: Connection, slice_id: UUID) -> list[UUID]:
    """The families of the slice whose invoices are still to be written."""
    rows = await connection.fetch(
        "SELECT DISTINCT family_id FROM planned_invoice WHERE slice_id = $1", slice_id
    )
    return [row["family_id"] for row in rows]


async def issue(connection: Connection, slice_id: UUID) -> list[UUID]:
    """Make invoices of what is planned in the slice."""
    return [row["invoice_id"] for row in await connection.fetch(ISSUE_SLICE, slice_id)]


async def issue_of_families(connection: Connection, family_ids: Collection[UUID]) -> list[UUID]:
    """Make invoices of what is planned for these families."""
    rows = await connection.fetch(ISSUE_OF_FAMILIES, list(family_ids))
    return [row["invoice_id"] for row in rows]


async def fill(connection: Connection, invoice_ids: Collection[UUID]) -> None:
    """Give new invoices their charges and lines, and post them to the books.

    Raises PlanBroken when a total is not that of the plan.
    """
    await connection.execute(HOLD, invoice_ids, DEFAULT_REGISTER, timeout=SLICE_SECONDS)
    astray = await connection.fetch(ASTRAY, invoice_ids, timeout=SLICE_SECONDS)
    if astray:
        raise PlanBroken(f"{len(astray)} invoices, the first {astray[0]['number']}")
    await ledger.post_invoices(connection, invoice_ids, timeout_seconds=SLICE_SECONDS)


async def tell(
    connection: Connection,
    invoice_ids: Collection[UUID],
    *,
    topic: str,
    event_type: str,
    correlation_id: str,
) -> None:
    """Append one event for each of these invoices to the outbox."""
    await connection.execute(
        TELL, invoice_ids, topic, event_type, correlation_id, timeout=SLICE_SECONDS
    )
