"""What is not invoiced yet, as the next invoice will have it."""

from collections.abc import Sequence
from uuid import UUID

from services.billing.model.months import Month
from services.billing.model.units import Basis
from services.billing.queries import Row, with_reason
from services.billing.repository import drafts
from services.chassis.database import Connection

CHARGES = """
SELECT c.family_id, c.child_id, coalesce(k.first_name || ' ' || k.last_name, '') AS child_name,
       c.activity_id, coalesce(a.name, '') AS activity_name, c.session_id, c.date, c.basis,
       c.corrects, c.quotient, c.quotient_until, c.quotient_state, c.band_from, c.band_to,
       CASE c.basis WHEN 'late_reservation' THEN c.late_surcharge_cents
                    ELSE c.surcharge_cents END AS surcharge_cents, c.amount_cents,
       c.rule, t.valid_from AS tariff_from
FROM open_charge c
LEFT JOIN child k USING (family_id, child_id)
LEFT JOIN activity a USING (activity_id)
LEFT JOIN tariff t ON t.tariff_id = c.tariff_id
WHERE ($1::uuid IS NULL OR c.family_id = $1)
  AND ($2::date IS NULL OR c.date >= $2) AND ($3::date IS NULL OR c.date < $3)
ORDER BY c.date, child_name, activity_name, c.session_id LIMIT 2000
"""


async def charges(connection: Connection, family_id: UUID | None, month: Month | None) -> list[Row]:
    """What is not invoiced yet, by day, and why it costs what it costs.

    For one family with what its months add as things stand and its own part; for all as the last
    run left it.
    """
    wanted = (family_id, *((month.first, month.after) if month else (None, None)))
    if family_id is None or not await drafts.month_matters(connection, family_id):
        rows = await connection.fetch(CHARGES, *wanted)
    else:
        async with drafts.draft(connection):
            await drafts.copy_family(connection, family_id)
            await drafts.settle_family(connection, family_id)
            await drafts.copy_parts(connection, family_id)
            rows = await connection.fetch(drafts.OF_FAMILY.on(CHARGES), *wanted)
    return [with_reason(dict(row)) for row in rows]


def parts_cents(charges: Sequence[Row]) -> int:
    """What of these others pay in the family's place: below zero."""
    return sum(
        charge["amount_cents"]
        for charge in charges
        if charge["basis"] == Basis.SHARE
        and charge["rule"]["family_id"] == str(charge["family_id"])
    )
