"""Writes what a billing run is going to issue: numbers, totals and slices, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from services.billing.model.months import Month
from services.billing.model.registers import DEFAULT_REGISTER
from services.chassis.database import Connection

# What reads the open charges of a whole town.
PLAN_SECONDS = 600

# What each family owes each register up to the month's end, where it has no invoice of the month.
# Less than the least amount (the register's own, or the town's $4) waits for a later month, as
# the rest does that is zero or below.
OWING = """
    SELECT o.family_id, o.register, o.total_cents FROM (
        SELECT c.family_id, coalesce(r.register, $3) AS register,
               sum(c.amount_cents) AS total_cents
        FROM open_charge c LEFT JOIN activity a USING (activity_id)
        LEFT JOIN register_of_kind r USING (kind)
        WHERE c.amount_cents IS NOT NULL AND c.date < $2
        GROUP BY 1, 2) o
    JOIN register g ON g.code = o.register
    WHERE o.total_cents >= greatest(coalesce(g.least_cents, $4), 1)
      AND NOT EXISTS (SELECT FROM invoice i WHERE i.family_id = o.family_id AND i.month = $1
                      AND i.register = o.register)
"""

# Numbers are handed out in the order of the families' references, so that the same charges give
# the same invoices, whoever writes them. The counter is raised in the same statement: no gap
# when it fails; and every planned row becomes an invoice.
PLAN = f"""
WITH owing AS ({OWING}), ranked AS (
    SELECT o.*,
           (dense_rank() OVER (ORDER BY f.reference, o.family_id) - 1) / $5::integer AS slice,
           row_number() OVER (PARTITION BY o.register ORDER BY f.reference, o.family_id) AS rank
    FROM owing o JOIN family f USING (family_id)
    WHERE f.record_version > 0
), counted AS (
    SELECT register, count(*)::integer AS invoices FROM ranked GROUP BY register
), counter AS (
    INSERT INTO invoice_counter AS k (register, fiscal_year, last_number)
    SELECT register, $6, invoices FROM counted
    ON CONFLICT (register, fiscal_year)
    DO UPDATE SET last_number = k.last_number + excluded.last_number
    RETURNING register, last_number
), slices AS (
    INSERT INTO billing_slice (pass_id, run_id, number, invoices, asked_at)
    SELECT $7, $8, slice, count(*), $9 FROM ranked GROUP BY slice
    RETURNING slice_id, number
)
INSERT INTO planned_invoice (slice_id, pass_id, register, fiscal_year, sequence, family_id, month,
    issued_on, due_on, total_cents)
SELECT s.slice_id, $7, r.register, $6, k.last_number - n.invoices + r.rank, r.family_id, $1,
       $10, $11, r.total_cents
FROM ranked r JOIN slices s ON s.number = r.slice
JOIN counter k USING (register) JOIN counted n USING (register)
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True, slots=True)
class Terms:
    """What a town's invoices have in common.

    `jump_percent`: further from a family's last invoices than that is worth a look.
    """

    payment_days: int
    least_cents: int
    slice_families: int
    jump_percent: int = 50


async def under_way(connection: Connection) -> bool:
    """Whether an invoice is decided and not written yet."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM planned_invoice)")
    return found


async def make(
    connection: Connection,
    run_id: UUID,
    month: Month,
    *,
    terms: Terms,
    issued_on: date,
    due_on: date,
    now: datetime,
) -> UUID:
    """Decide the invoices of every family that owes something and has none for the month.

    The caller has the books. Returns the id of this pass.
    """
    pass_id = uuid4()
    await connection.execute("DELETE FROM billing_slice WHERE run_id = $1", run_id)
    await connection.execute(
        PLAN,
        month.first,
        month.after,
        DEFAULT_REGISTER,
        terms.least_cents,
        terms.slice_families,
        issued_on.year,
        pass_id,
        run_id,
        now,
        issued_on,
        due_on,
        timeout=PLAN_SECONDS,
    )
    return pass_id


async def slices(connection: Connection, pass_id: UUID) -> list[UUID]:
    """The parts of a pass, in the order of the families' references."""
    rows = await connection.fetch(
        "SELECT slice_id FROM billing_slice WHERE pass_id = $1 ORDER BY number", pass_id
    )
    return [row["slice_id"] for row in rows]


async def stalled(connection: Connection, since: datetime, now: datetime) -> list[UUID]:
    """The slices of passes that have not moved since then; noted as asked for again.

    A large town's last slices wait long for their turn, which is no reason to ask twice.
    """
    rows = await connection.fetch(
        """UPDATE billing_slice s SET asked_at = $2 WHERE s.done_at IS NULL AND s.asked_at < $1
             AND NOT EXISTS (SELECT FROM billing_slice d
                             WHERE d.pass_id = s.pass_id AND d.done_at >= $1)
           RETURNING slice_id""",
        since,
        now,
    )
    return [row["slice_id"] for row in rows]


async def is_issued(connection: Connection, pass_id: UUID) -> bool:
    """Whether no slice of the pass is left to do."""
    left: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM billing_slice WHERE pass_id = $1 AND done_at IS NULL)", pass_id
    )
    return not left
