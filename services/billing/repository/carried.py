"""Lets a payer's invoice hold what is divided and has no invoice of the child's family."""

from datetime import date
from uuid import UUID

from services.billing.model.registers import DEFAULT_REGISTER
from services.billing.repository import sharing
from services.billing.repository.sharing import LAST_DAY, OF_CHARGE, SESSION, SHARING_SECONDS
from services.billing.repository.slices import KEEP
from services.chassis.database import Connection

# $1: the pass, $2: the day after the month, $3: the default register. Where the child's family has
# no invoice of its own this time and another payer has, that one's holds the uses, whose prices
# are frozen so, and a row that takes them off again.
CARRY = f"""
WITH billed_by AS MATERIALIZED (
    SELECT a.activity_id, coalesce(r.register, $3) AS register
    FROM activity a LEFT JOIN register_of_kind r USING (kind)
), planned AS MATERIALIZED (
    SELECT p.invoice_id, p.family_id, p.register, p.sequence FROM planned_invoice p
    WHERE p.pass_id = $1
      AND p.family_id IN (SELECT payer_id FROM sharing_part UNION SELECT family_id FROM sharing)
), part AS (
    SELECT p.invoice_id, p.register, p.sequence, c.child_id, c.activity_id,
           date_trunc('month', c.date)::date AS month,
           (c.rule ->> 'sharing_id')::uuid AS sharing_id,
           (c.rule ->> 'family_id')::uuid AS family_id
    FROM planned p JOIN open_charge c USING (family_id)
    JOIN billed_by b ON b.activity_id = c.activity_id AND b.register = p.register
    WHERE c.basis = 'share' AND c.date < $2
), carrier AS (
    SELECT DISTINCT ON (p.sharing_id, p.activity_id, p.month) p.* FROM part p
    WHERE NOT EXISTS (SELECT FROM planned f
                      WHERE f.family_id = p.family_id AND f.register = p.register)
    ORDER BY p.sharing_id, p.activity_id, p.month, p.sequence
), taken AS (
    DELETE FROM open_charge c USING carrier k
    WHERE c.family_id = k.family_id AND c.child_id = k.child_id
      AND c.activity_id = k.activity_id AND c.date >= k.month
      AND c.date < k.month + interval '1 month'
      AND c.basis <> 'share' AND c.amount_cents IS NOT NULL AND ({OF_CHARGE}) = k.sharing_id
    RETURNING k.invoice_id, k.sharing_id, k.month, c.*
), kept AS (
    {KEEP} taken
), taken_off AS (
    INSERT INTO invoiced_charge (invoice_id, child_id, session_id, family_id, activity_id, date,
        basis, unit_cents, surcharge_cents, amount_cents, late_surcharge_cents, rule)
    SELECT invoice_id, child_id,
           {SESSION.format(sharing_id="sharing_id", activity_id="activity_id", month="month")},
           family_id, activity_id, {LAST_DAY.format(month="month")}, 'share',
           -sum(amount_cents), 0, -sum(amount_cents), 0,
           jsonb_build_object('sharing_id', sharing_id, 'family_id', family_id)
    FROM taken GROUP BY invoice_id, child_id, sharing_id, family_id, activity_id, month
    HAVING sum(amount_cents) <> 0
)
SELECT DISTINCT sharing_id, activity_id, month FROM taken
"""  # noqa: S608 - a constant


async def carry(connection: Connection, pass_id: UUID, after: date) -> None:
    """Let planned invoices hold what is divided and has no invoice of its family.

    Those who pay a part are told the whole at one price, which changes no more. The caller has
    the books.
    """
    # Most towns have none, and the statement reads what the whole town owes.
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM sharing)"):
        return
    rows = await connection.fetch(CARRY, pass_id, after, DEFAULT_REGISTER, timeout=SHARING_SECONDS)
    if not rows:
        return
    accounts = [sharing.Shared(**dict(row)) for row in rows]
    await sharing.forget(connection, accounts)
    await sharing.divide_accounts(connection, accounts, None)
