"""What billing shows of tariffs."""

from datetime import date
from typing import Any
from uuid import UUID

from services.billing.model.canteen import A_EURO_CENTS, A_EURO_QUOTIENT
from services.billing.model.formulas import Formula
from services.billing.model.months import Month
from services.billing.model.tariffs import Tariff
from services.billing.repository.formulas import DEFINITION as FORMULA
from services.billing.repository.tariffs import DEFINITION
from services.chassis.database import Connection

Row = dict[str, Any]

TARIFFS = """
SELECT t.tariff_id, a.name AS activity_name, t.definition
FROM tariff t JOIN activity a USING (activity_id)
WHERE t.replaced_at IS NULL AND ($1::uuid IS NULL OR t.activity_id = $1)
  AND ($2::uuid IS NULL OR t.tariff_id = $2)
ORDER BY a.name, t.activity_id, t.valid_from DESC
"""

LATE_SURCHARGES = """
SELECT * FROM (
    SELECT DISTINCT ON (activity_id) activity_id, late_surcharge_cents, late_surcharge_percent
    FROM tariff WHERE valid_from <= $1 AND replaced_at IS NULL
    ORDER BY activity_id, valid_from DESC) in_force
WHERE late_surcharge_cents + late_surcharge_percent > 0
ORDER BY activity_id
"""


# Meals that were eaten: of who was present, or is expected and not marked yet. Meals brought (PAI)
# are nobody's meals. The price is that of the first charge of each, without surcharge. What a
# month holds is on its own invoices, or on those of the next two months.
MEALS = """
WITH charged AS (
    SELECT child_id, session_id, family_id, activity_id, date, unit_cents, quotient,
           quotient_state, band_from, band_to, rule
    FROM open_charge WHERE date >= $1 AND date < $2 AND corrects IS NULL
    UNION ALL
    SELECT c.child_id, c.session_id, c.family_id, c.activity_id, c.date, c.unit_cents, c.quotient,
           c.quotient_state, c.band_from, c.band_to, c.rule
    FROM invoice i JOIN invoiced_charge c USING (invoice_id)
    WHERE i.month >= $1 AND i.month < $2 + interval '2 months'
      AND c.date >= $1 AND c.date < $2 AND c.corrects IS NULL
)
SELECT to_char(c.date, 'YYYY-MM') AS month, c.band_from AS from_quotient,
       c.band_to AS to_quotient, min(c.unit_cents) AS lowest_cents,
       max(c.unit_cents) AS highest_cents, count(*) AS meals,
       count(*) FILTER (WHERE c.unit_cents <= $3 AND c.quotient_state = 'known'
                        AND c.quotient <= $4) AS at_most_a_euro
FROM charged c
JOIN activity a ON a.activity_id = c.activity_id AND a.kind = 'canteen'
JOIN unit u ON u.child_id = c.child_id AND u.session_id = c.session_id
WHERE (u.attendance_state = 'present'
       OR u.attendance_state = 'unknown' AND u.reservation_state IN ('kept', 'kept_late'))
  AND c.unit_cents IS NOT NULL
  AND NOT coalesce(c.rule -> 'lists' ? 'own_meal', false)
GROUP BY 1, c.band_from, c.band_to ORDER BY 1, c.band_from, c.band_to
"""
MEALS_SECONDS = 60


async def meals(connection: Connection, first: Month, last: Month) -> list[Row]:
    """The canteen's meals by month and band of quotients, from one month to another."""
    rows = await connection.fetch(
        MEALS, first.first, last.after, A_EURO_CENTS, A_EURO_QUOTIENT, timeout=MEALS_SECONDS
    )
    return [dict(row) for row in rows]


async def tariffs(
    connection: Connection, activity_id: UUID | None, tariff_id: UUID | None = None
) -> list[tuple[UUID, str, Tariff]]:
    """The tariffs that hold, by activity, the newest first: id, activity's name, tariff."""
    rows = await connection.fetch(TARIFFS, activity_id, tariff_id)
    return [
        (row["tariff_id"], row["activity_name"], DEFINITION.validate_python(row["definition"]))
        for row in rows
    ]


async def formulas(
    connection: Connection, formula_id: UUID | None = None
) -> list[tuple[UUID, Formula]]:
    """The formulas that hold, by name, the newest first."""
    rows = await connection.fetch(
        """SELECT formula_id, definition FROM formula
           WHERE replaced_at IS NULL AND ($1::uuid IS NULL OR formula_id = $1)
           ORDER BY name, valid_from DESC""",
        formula_id,
    )
    return [(row["formula_id"], FORMULA.validate_python(row["definition"])) for row in rows]


async def aids(
    connection: Connection, family_id: UUID | None, aid_id: UUID | None = None
) -> list[Row]:
    """The aids that have not ended, of one family or of all, the newest first."""
    rows = await connection.fetch(
        """SELECT g.aid_id, g.family_id, f.reference AS family_reference, f.label AS family_label,
                  g.child_id, k.first_name || ' ' || k.last_name AS child_name, g.label, g.kinds,
                  g.day_cents, g.month_cents, g.valid_from, g.valid_until
           FROM aid g JOIN family f USING (family_id)
           LEFT JOIN child k ON k.family_id = g.family_id AND k.child_id = g.child_id
           WHERE g.ended_at IS NULL AND ($1::uuid IS NULL OR g.family_id = $1)
             AND ($2::uuid IS NULL OR g.aid_id = $2)
           ORDER BY g.granted_at DESC, g.aid_id LIMIT 1000""",
        family_id,
        aid_id,
    )
    return [dict(row) for row in rows]


async def late_surcharges(connection: Connection, today: date) -> list[Row]:
    """The late surcharges of the tariffs in force, of the activities that have one."""
    rows = await connection.fetch(LATE_SURCHARGES, today)
    return [dict(row) for row in rows]
