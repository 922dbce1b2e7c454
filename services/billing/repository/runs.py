"""Writes billing runs: a month's invoices for all families in a handful of statements."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from services.billing.model.months import Month
from services.billing.repository import ledger
from services.chassis.database import Connection

# For the statements that write a whole town's month.
MONTH_SECONDS = 600

# Numbers are handed out in the order of the families' references, so that the same charges give
# the same invoices. The counter is raised in the same statement: no gap when it fails.
ISSUE = """
WITH owing AS (
    SELECT c.family_id, sum(c.amount_cents) AS total_cents
    FROM open_charge c
    WHERE c.amount_cents IS NOT NULL AND c.date < $2
      AND NOT EXISTS (SELECT FROM invoice i WHERE i.family_id = c.family_id AND i.month = $1)
    GROUP BY c.family_id HAVING sum(c.amount_cents) > 0
), billed AS (
    SELECT o.family_id, o.total_cents, f.reference, f.addressee,
           row_number() OVER (ORDER BY f.reference, f.family_id) AS rank
    FROM owing o JOIN family f USING (family_id)
    WHERE f.record_version > 0
), counter AS (
    INSERT INTO invoice_counter AS k (register, fiscal_year, last_number)
    SELECT $4, $5, count(*) FROM billed HAVING count(*) > 0
    ON CONFLICT (register, fiscal_year)
    DO UPDATE SET last_number = k.last_number + excluded.last_number
    RETURNING last_number - (SELECT count(*) FROM billed) AS used
)
INSERT INTO invoice (register, fiscal_year, sequence, number, family_id, month, pass_id,
    issued_on, due_on, total_cents, family_reference, addressee)
SELECT $4, $5, n.sequence,
       $5 || '-' || $4 || '-' || lpad(n.sequence::text, greatest(6, length(n.sequence::text)), '0'),
       b.family_id, $1, $3, $6, $7, b.total_cents, b.reference, b.addressee
FROM billed b CROSS JOIN counter k
CROSS JOIN LATERAL (SELECT k.used + b.rank AS sequence) n
"""

HOLD = """
WITH held AS (
    DELETE FROM open_charge c USING invoice i
    WHERE i.pass_id = $1 AND c.family_id = i.family_id
      AND c.amount_cents IS NOT NULL AND c.date < $2
    RETURNING i.invoice_id, c.*
)
INSERT INTO invoiced_charge (invoice_id, child_id, session_id, family_id, activity_id, date,
    basis, corrects, tariff_id, quotient, quotient_until, quotient_state, band_from, band_to,
    unit_cents, surcharge_cents, amount_cents, late_surcharge_cents, rule)
SELECT invoice_id, child_id, session_id, family_id, activity_id, date,
    basis, corrects, tariff_id, quotient, quotient_until, quotient_state, band_from, band_to,
    unit_cents, surcharge_cents, amount_cents, coalesce(late_surcharge_cents, 0), rule
FROM held
"""

# What costs the same for the same reason is one line with its days.
LINES = """
INSERT INTO invoice_line (invoice_id, position, child_id, child_name, activity_id, activity_name,
    month, basis, corrects, quotient, quotient_until, quotient_state, band_from, band_to,
    surcharge_cents, quantity, unit_cents, amount_cents, dates, tariff_id, rule)
SELECT g.invoice_id,
       row_number() OVER (PARTITION BY g.invoice_id ORDER BY g.corrects IS NOT NULL,
           k.first_name, g.child_id, a.name, g.activity_id, g.month, g.dates, g.basis,
           g.amount_cents),
       g.child_id, coalesce(k.first_name || ' ' || k.last_name, 'Enfant'),
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
    FROM invoiced_charge c JOIN invoice i USING (invoice_id)
    CROSS JOIN LATERAL (SELECT CASE c.basis WHEN 'late_reservation' THEN c.late_surcharge_cents
                                            ELSE c.surcharge_cents END AS surcharge_cents) s
    WHERE i.pass_id = $1
    GROUP BY c.invoice_id, c.family_id, c.child_id, c.activity_id, date_trunc('month', c.date),
             c.basis, c.corrects, c.quotient, c.quotient_until, c.quotient_state, c.band_from,
             c.band_to, s.surcharge_cents, c.amount_cents, c.tariff_id, c.rule
) g
JOIN activity a USING (activity_id)
LEFT JOIN child k USING (family_id, child_id)
"""

# One event an invoice, in the outbox of the same transaction, in the order of the numbers.
TELL = """
INSERT INTO outbox (id, topic, key, type, body, correlation_id)
SELECT gen_random_uuid(), $2, i.family_id::text, $3,
       jsonb_build_object('invoice_id', i.invoice_id, 'family_id', i.family_id,
           'number', i.number, 'period', to_char(i.month, 'YYYY-MM'),
           'total_cents', i.total_cents, 'due_on', i.due_on)::text,
       $4
FROM invoice i WHERE i.pass_id = $1 ORDER BY i.fiscal_year, i.sequence
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A month's run as its row says; `first`: no pass has ended yet."""

    run_id: UUID
    month: Month
    running: bool
    first: bool


async def request(connection: Connection, month: Month, *, now: datetime, by: UUID | None) -> UUID:
    """Ask for the month's run; one that was asked for already is the same one."""
    run_id: UUID = await connection.fetchval(
        """INSERT INTO billing_run AS r (run_id, month, status, requested_at, requested_by)
           VALUES ($1, $2, 'running', $3, $4)
           ON CONFLICT (month) DO UPDATE SET status = 'running', requested_at = $3,
               requested_by = $4
           RETURNING run_id""",
        uuid4(),
        month.first,
        now,
        by,
    )
    return run_id


async def lock(connection: Connection, run_id: UUID) -> Run:
    """The run, locked until the transaction ends."""
    row = await connection.fetchrow(
        "SELECT run_id, month, status, finished_at FROM billing_run WHERE run_id = $1 FOR UPDATE",
        run_id,
    )
    assert row is not None  # noqa: S101 - runs are never deleted
    first = row["finished_at"] is None
    return Run(row["run_id"], Month(row["month"]), row["status"] == "running", first)


async def unfinished(connection: Connection) -> list[UUID]:
    """Runs that were asked for and not done yet, the oldest first."""
    rows = await connection.fetch(
        "SELECT run_id FROM billing_run WHERE status = 'running' ORDER BY requested_at"
    )
    return [row["run_id"] for row in rows]


async def issue(
    connection: Connection,
    month: Month,
    *,
    register: str,
    issued_on: date,
    due_on: date,
    at: datetime,
) -> UUID:
    """Issue the invoices of every family that owes something and has none for the month.

    Returns the id of this pass, by which its invoices are known.
    """
    pass_id = uuid4()
    await connection.execute(
        ISSUE,
        month.first,
        month.after,
        pass_id,
        register,
        issued_on.year,
        issued_on,
        due_on,
        timeout=MONTH_SECONDS,
    )
    await connection.execute(HOLD, pass_id, month.after, timeout=MONTH_SECONDS)
    await connection.execute(LINES, pass_id, timeout=MONTH_SECONDS)
    await ledger.post_invoices(connection, pass_id, at=at, timeout_seconds=MONTH_SECONDS)
    return pass_id


async def tell(
    connection: Connection, pass_id: UUID, *, topic: str, event_type: str, correlation_id: str
) -> None:
    """Append one event for each invoice of the pass to the outbox."""
    await connection.execute(
        TELL, pass_id, topic, event_type, correlation_id, timeout=MONTH_SECONDS
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """What the month's invoices come to, and how many of them this pass issued."""

    invoices: int
    total_cents: int
    issued: int


async def totals(connection: Connection, month: Month, pass_id: UUID) -> Totals:
    """Count the month's invoices."""
    row = await connection.fetchrow(
        """SELECT count(*) AS invoices, coalesce(sum(total_cents), 0) AS total_cents,
                  count(*) FILTER (WHERE pass_id = $2) AS issued
           FROM invoice WHERE month = $1""",
        month.first,
        pass_id,
    )
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return Totals(row["invoices"], row["total_cents"], row["issued"])


async def finish(
    connection: Connection,
    run_id: UUID,
    *,
    now: datetime,
    found: Totals,
    skipped: list[dict[str, str]],
    warnings: list[str],
) -> None:
    """The run is done."""
    await connection.execute(
        """UPDATE billing_run SET status = 'done', finished_at = $2, families = $3, invoices = $4,
               total_cents = $5, issued = $6, skipped = $7, warnings = $8
           WHERE run_id = $1""",
        run_id,
        now,
        found.invoices + len(skipped),
        found.invoices,
        found.total_cents,
        found.issued,
        skipped,
        warnings,
    )
