"""Reads what a month's uses would have cost by another tariff."""

from collections.abc import Sequence
from uuid import UUID

from services.billing.model.months import Month
from services.billing.model.tariffs.previews import Compared
from services.billing.repository.pricing import AMOUNT, IN_FORCE, OF_MONTH, pricing
from services.chassis.database import Connection

PREVIEW_SECONDS = 60

# What of the month is charged for the activity: still open, or held by an invoice of that month
# or of one of the next two. $1: the activity, $2: the month's first day, $3: the day after it.
CHARGED = """
    SELECT child_id, session_id, family_id, activity_id, date, basis FROM open_charge c
    WHERE activity_id = $1 AND date >= $2 AND date < $3 AND corrects IS NULL AND NOT {of_month}
    UNION ALL
    SELECT c.child_id, c.session_id, c.family_id, c.activity_id, c.date, c.basis
    FROM invoice i JOIN invoiced_charge c USING (invoice_id)
    WHERE i.month >= $2 AND i.month < $3 + interval '2 months'
      AND c.activity_id = $1 AND c.date >= $2 AND c.date < $3 AND c.corrects IS NULL
      AND NOT {of_month}
"""
PRICED = """
    SELECT c.family_id, count(*) AS units, sum({amount}) AS cents
    FROM charged c JOIN family f USING (family_id) {pricing}
    GROUP BY c.family_id
"""

# By family: both totals by its file as it stands, so that only the tariff makes the difference.
# $4: the other tariff, $5: where the groups of quotients begin. A day that no tariff covers today
# costs nothing today.
DRAFT = "SELECT * FROM tariff WHERE tariff_id = $4"
COMPARED = f"""
WITH charged AS MATERIALIZED ({CHARGED.format(of_month=OF_MONTH)}),
today AS ({PRICED.format(amount=AMOUNT, pricing=pricing(IN_FORCE))}),
planned AS ({PRICED.format(amount=AMOUNT, pricing=pricing(DRAFT))}),
compared AS (
    SELECT CASE WHEN f.quotient IS NOT NULL AND NOT coalesce(f.quotient_until < $2, false)
                THEN (SELECT max(start) FROM unnest($5::integer[]) start
                      WHERE start <= f.quotient) END AS from_quotient,
           t.units, coalesce(t.cents, 0) AS today_cents, coalesce(p.cents, 0) AS new_cents
    FROM today t JOIN planned p USING (family_id) JOIN family f USING (family_id)
)
SELECT from_quotient,
       (SELECT min(start) FROM unnest($5::integer[]) start WHERE start > from_quotient)
           AS to_quotient,
       count(*) AS families, sum(units)::bigint AS units,
       sum(today_cents)::bigint AS today_cents, sum(new_cents)::bigint AS new_cents,
       count(*) FILTER (WHERE new_cents < today_cents) AS gaining,
       count(*) FILTER (WHERE new_cents > today_cents) AS losing
FROM compared GROUP BY from_quotient ORDER BY from_quotient NULLS LAST
"""  # noqa: S608 - constants of this service


async def compare(
    connection: Connection,
    activity_id: UUID,
    month: Month,
    tariff_id: UUID,
    starts: Sequence[int],
) -> list[Compared]:
    """The month by the tariffs of its days and by this one, by group of quotients."""
    rows = await connection.fetch(
        COMPARED,
        activity_id,
        month.first,
        month.after,
        tariff_id,
        starts,
        timeout=PREVIEW_SECONDS,
    )
    return [Compared(**dict(row)) for row in rows]
