"""What was invoiced, by month and activity."""

from services.billing.model.months import Month
from services.billing.queries import Row
from services.chassis.database import Connection

# By the month of the days, whenever they were invoiced. Units: days charged, neither their
# corrections nor what a month adds to them.
# Credit notes are taken off the line that they correct.
INVOICED = """
SELECT to_char(l.month, 'YYYY-MM') AS month, l.activity_id, max(l.activity_name) AS activity_name,
       coalesce(sum(l.quantity) FILTER (WHERE l.corrects IS NULL AND l.basis NOT IN
           ('monthly_cap', 'monthly_fee', 'formula', 'aid', 'share')), 0)::bigint AS units,
       (sum(l.amount_cents) - coalesce(sum(n.amount_cents), 0))::bigint AS amount_cents
FROM invoice_line l
LEFT JOIN (SELECT invoice_id, position, sum(amount_cents) AS amount_cents
           FROM credit_note_line GROUP BY invoice_id, position) n USING (invoice_id, position)
WHERE l.month BETWEEN $1 AND $2
GROUP BY l.month, l.activity_id ORDER BY l.month, activity_name, l.activity_id
"""


async def invoiced(connection: Connection, first: Month, last: Month) -> list[Row]:
    """Units and amounts of these months, both counted, by month and activity."""
    rows = await connection.fetch(INVOICED, first.first, last.first)
    return [dict(row) for row in rows]
