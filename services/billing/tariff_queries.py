"""What billing shows of tariffs."""

from datetime import date
from typing import Any
from uuid import UUID

from services.billing.model.tariffs import Tariff
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


async def tariffs(
    connection: Connection, activity_id: UUID | None, tariff_id: UUID | None = None
) -> list[tuple[UUID, str, Tariff]]:
    """The tariffs that hold, by activity, the newest first: id, activity's name, tariff."""
    rows = await connection.fetch(TARIFFS, activity_id, tariff_id)
    return [
        (row["tariff_id"], row["activity_name"], DEFINITION.validate_python(row["definition"]))
        for row in rows
    ]


async def late_surcharges(connection: Connection, today: date) -> list[Row]:
    """The late surcharges of the tariffs in force, of the activities that have one."""
    rows = await connection.fetch(LATE_SURCHARGES, today)
    return [dict(row) for row in rows]
