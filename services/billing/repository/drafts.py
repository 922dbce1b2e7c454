"""An account to try things on: what a family plans, or a month by a tariff that is thought of.

The statements that price and settle charges for the run do it here, on tables that are the
connection's own: an estimate and a preview tell what an invoice would.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from services.billing.model.months import Month
from services.billing.repository import adjustments, pricing
from services.billing.repository.account import Account
from services.billing.repository.pricing import OF_MONTH, PRICING_PLANNED, prices
from services.chassis.database import Connection

# A family's draft lies beside what invoices hold of it; a month's takes the place of both.
OF_FAMILY = Account("draft_charge", "invoiced_charge")
OF_A_MONTH = Account("draft_charge", "draft_invoiced", divided=False)

# Made once a connection; the rows go with the transaction.
TABLES = """
CREATE TEMP TABLE IF NOT EXISTS draft_charge (LIKE open_charge INCLUDING INDEXES)
    ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS draft_invoiced (LIKE invoiced_charge) ON COMMIT DELETE ROWS;
"""

MATTERS = """
SELECT EXISTS (SELECT FROM formula)
    OR EXISTS (SELECT FROM aid WHERE family_id = $1 AND ended_at IS NULL)
    OR EXISTS (SELECT FROM tariff
               WHERE activity_id = ANY($2) AND monthly IS NOT NULL AND replaced_at IS NULL)
    OR EXISTS (SELECT FROM sharing WHERE family_id = $1)
    OR (EXISTS (SELECT FROM tariff WHERE siblings = 'same_day' AND replaced_at IS NULL)
        AND EXISTS (SELECT FROM child WHERE family_id = $1 OFFSET 1))
"""
ACTIVITIES = "SELECT DISTINCT activity_id FROM open_charge WHERE family_id = $1"

# Parts of its own children are reckoned anew; those of others' it has as the last run left them.
OWN_PART = "coalesce(c.rule ->> 'family_id' = c.family_id::text, false)"
COPY_FAMILY = f"""
INSERT INTO draft_charge
SELECT c.* FROM open_charge c
WHERE c.family_id = $1 AND (NOT {OF_MONTH} OR (c.basis = 'share' AND {OWN_PART}))
"""  # noqa: S608 - constants of this service
COPY_PARTS = f"""
INSERT INTO draft_charge
SELECT c.* FROM open_charge c WHERE c.family_id = $1 AND c.basis = 'share' AND NOT {OWN_PART}
"""  # noqa: S608 - a constant

PLAN = """
INSERT INTO draft_charge (child_id, session_id, family_id, activity_id, date, basis, unit_cents,
    surcharge_cents, amount_cents)
SELECT child_id, gen_random_uuid(), $1, activity_id, date, 'reserved', unit_cents, 0, amount_cents
FROM unnest($2::uuid[], $3::uuid[], $4::date[], $5::integer[], $6::integer[])
    AS c(child_id, activity_id, date, unit_cents, amount_cents)
"""

# Where brothers and sisters who come the same day cost less, what is open of them costs otherwise
# beside what the family ($1) plans: children $2, activities $3, days $4.
PRICE_BESIDE = prices(
    "c.family_id = $1 AND c.date = ANY($4)",
    pricing=PRICING_PLANNED,
    beside="""planned AS (
    SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::date[]) AS p(child_id, activity_id, date)
), """,
)
# What is open of the family's uses, by child, month and activity.
USES = f"""
SELECT c.child_id, k.first_name AS child_name, to_char(c.date, 'YYYY-MM') AS period,
       a.name AS activity_name, sum(c.amount_cents)::integer AS cents
FROM draft_charge c
LEFT JOIN child k ON k.family_id = c.family_id AND k.child_id = c.child_id
LEFT JOIN activity a ON a.activity_id = c.activity_id
WHERE NOT {OF_MONTH} AND c.amount_cents IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 3, 2, 1, 4
"""  # noqa: S608 - a constant

# What a month's rules add, by child, without parts; formulas and aids are of no single activity.
ADDED = f"""
SELECT c.child_id, k.first_name AS child_name, to_char(c.date, 'YYYY-MM') AS period, c.basis,
       a.name AS activity_name, c.rule ->> 'name' AS rule_name, sum(c.amount_cents) AS cents,
       max(c.quotient) AS quotient, max(c.quotient_until) AS quotient_until,
       max(c.quotient_state) AS quotient_state, max(c.band_from) AS band_from,
       max(c.band_to) AS band_to, max(t.valid_from) AS tariff_from
FROM draft_charge c
LEFT JOIN child k ON k.family_id = c.family_id AND k.child_id = c.child_id
LEFT JOIN activity a ON a.activity_id = c.activity_id
    AND c.basis IN ('monthly_cap', 'monthly_fee')
LEFT JOIN tariff t ON t.tariff_id = c.tariff_id
WHERE {OF_MONTH} AND c.basis <> 'share' GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 3, 2, 1, 4, 5, 6
"""  # noqa: S608 - a constant

# What of the month is charged: still open, or held by an invoice of that month or of one of the
# next two; of the families that use the activity. $1: the activity, $2: the month's first day, $3:
# the day after it, $4: whether other activities matter. What a month added is reckoned anew.
CHARGED = """c.child_id, c.session_id, c.family_id, c.activity_id, c.date, c.basis, c.unit_cents,
       c.surcharge_cents, c.amount_cents, c.late_surcharge_cents"""
COPY_MONTH = f"""
WITH charged AS MATERIALIZED (
    SELECT {CHARGED} FROM open_charge c
    WHERE c.date >= $2 AND c.date < $3 AND c.corrects IS NULL AND NOT {OF_MONTH}
      AND ($4 OR c.activity_id = $1)
    UNION ALL
    SELECT {CHARGED} FROM invoice i JOIN invoiced_charge c USING (invoice_id)
    WHERE i.month >= $2 AND i.month < $3 + interval '2 months'
      AND c.date >= $2 AND c.date < $3 AND c.corrects IS NULL AND NOT {OF_MONTH}
      AND ($4 OR c.activity_id = $1)
)
INSERT INTO draft_charge (child_id, session_id, family_id, activity_id, date, basis, unit_cents,
    surcharge_cents, amount_cents, late_surcharge_cents)
SELECT * FROM charged
WHERE family_id IN (SELECT family_id FROM charged WHERE activity_id = $1)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - a constant

# By family, as its file stands. A day that no tariff covers costs nothing.
TOTALS = f"""
SELECT c.family_id,
       CASE WHEN NOT coalesce(f.quotient_until < $2, false) THEN f.quotient END AS quotient,
       count(*) FILTER (WHERE c.activity_id = $1 AND NOT {OF_MONTH}) AS units,
       coalesce(sum(c.amount_cents) FILTER (WHERE c.activity_id = $1), 0) AS activity_cents,
       coalesce(sum(c.amount_cents), 0) AS month_cents
FROM draft_charge c JOIN family f USING (family_id) GROUP BY 1, 2
"""  # noqa: S608 - a constant

MONTH_SECONDS = 60


@asynccontextmanager
async def draft(connection: Connection) -> AsyncIterator[None]:
    """An empty draft account; it is gone when the block ends."""
    await connection.execute(TABLES)
    async with connection.transaction():
        await connection.execute("DELETE FROM draft_charge")
        yield
        await connection.execute("DELETE FROM draft_charge")


async def month_matters(
    connection: Connection, family_id: UUID, activity_ids: Collection[UUID] | None = None
) -> bool:
    """Whether a month's rules may say something of the family's uses.

    Of these activities, or of all where something is open.
    """
    if activity_ids is None:
        activity_ids = [row[0] for row in await connection.fetch(ACTIVITIES, family_id)]
    found: bool = await connection.fetchval(MATTERS, family_id, list(activity_ids))
    return found


async def copy_family(connection: Connection, family_id: UUID) -> None:
    """Draw up what is open of the family, without what months add."""
    await connection.execute(COPY_FAMILY, family_id)


async def copy_parts(connection: Connection, family_id: UUID) -> None:
    """Put on the family's draft what it pays of others' children; last, for nothing settles it."""
    await connection.execute(COPY_PARTS, family_id)


async def plan(
    connection: Connection, family_id: UUID, priced: Sequence[Mapping[str, Any]]
) -> None:
    """Put these uses on the family's draft: child_id, activity_id, date, unit and amount."""
    names = ("child_id", "activity_id", "date", "unit_cents", "amount_cents")
    await connection.execute(PLAN, family_id, *([row[name] for row in priced] for name in names))


async def price_beside(
    connection: Connection, family_id: UUID, planned: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Price the draft's uses as if these were made; what changes, by child, month and activity."""
    before = [dict(row) for row in await connection.fetch(USES)]
    names = ("child_id", "activity_id", "date")
    columns = ([item[name] for item in planned] for name in names)
    await connection.execute(OF_FAMILY.on(PRICE_BESIDE), family_id, *columns)
    after = [dict(row) for row in await connection.fetch(USES)]
    return [
        now | {"cents": now["cents"] - then["cents"]}
        for then, now in zip(before, after, strict=True)
        if now["cents"] != then["cents"]
    ]


async def settle_family(connection: Connection, family_id: UUID) -> None:
    """Reckon what its months add to the family's draft."""
    last = await connection.fetchval("SELECT max(date) FROM draft_charge")
    if last:
        month = Month(last.replace(day=1))
        await adjustments.settle_month(connection, month, [family_id], OF_FAMILY)


async def added(connection: Connection) -> list[dict[str, Any]]:
    """What its months add to the draft, by child, month and rule."""
    return [dict(row) for row in await connection.fetch(ADDED)]


async def parts_cents(connection: Connection) -> int:
    """What of the draft others pay in the family's place: below zero."""
    cents: int = await connection.fetchval(
        "SELECT coalesce(sum(amount_cents), 0)::integer FROM draft_charge WHERE basis = 'share'"
    )
    return cents


async def copy_month(connection: Connection, activity_id: UUID, month: Month) -> None:
    """Draw up what is charged of the month to the families that use the activity."""
    rules = await adjustments.wanted(connection)
    beside = rules["formulas"] or rules["aids"]
    values = (activity_id, month.first, month.after, beside)
    await connection.execute(COPY_MONTH, *values, timeout=MONTH_SECONDS)
    await connection.execute("ANALYZE draft_charge")


async def totals(
    connection: Connection, activity_id: UUID, month: Month
) -> dict[UUID, dict[str, Any]]:
    """The drawn up month by the tariffs in force, by family: units and cents.

    `activity_cents` is what the activity's own lines ask for, `month_cents` all there is.
    """
    await pricing.price_activity(connection, activity_id, month.first, OF_A_MONTH)
    await adjustments.settle_month(connection, month, None, OF_A_MONTH)
    rows = await connection.fetch(TOTALS, activity_id, month.first, timeout=MONTH_SECONDS)
    return {row["family_id"]: dict(row) for row in rows}
