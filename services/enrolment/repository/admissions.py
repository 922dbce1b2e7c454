"""Reads and writes how children get into activities, and who takes up their places."""

from datetime import date
from uuid import UUID

import asyncpg

from services.chassis.database import Connection
from services.enrolment.model.admission import Admission, Stay
from services.enrolment.model.allocation import Criterion

# Whoever left still has the place up to the last day.
STAYS = """
SELECT starts_on AS first, ends_on AS last FROM enrolment
WHERE activity_id = $1 AND status = 'accepted'
UNION ALL
SELECT starts_on, left_on FROM enrolment WHERE activity_id = $1 AND left_on >= $2
"""


async def lock(connection: Connection, activity_id: UUID) -> Admission:
    """How children get into the activity; places are counted and given while this is held.

    Where nothing is settled there is no limit to count, and nothing is held.
    """
    row = await connection.fetchrow(
        "SELECT * FROM admission WHERE activity_id = $1 FOR UPDATE", activity_id
    )
    if row is None:
        return Admission(activity_id)
    criteria = await connection.fetch(
        "SELECT * FROM criterion WHERE activity_id = $1 ORDER BY position", activity_id
    )
    return admission(row, [criterion(found) for found in criteria])


async def save(connection: Connection, settled: Admission) -> None:
    """Settle how children get into the activity, criteria included."""
    await connection.execute(
        """INSERT INTO admission (activity_id, opens_at, closes_at, mode, automatic, places, papers)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (activity_id) DO UPDATE SET opens_at = $2, closes_at = $3, mode = $4,
               automatic = $5, places = $6, papers = $7""",
        settled.activity_id,
        settled.opens_at,
        settled.closes_at,
        settled.mode,
        settled.automatic,
        settled.places,
        settled.papers,
    )
    await connection.execute("DELETE FROM criterion WHERE activity_id = $1", settled.activity_id)
    await connection.executemany(
        """INSERT INTO criterion (activity_id, code, position, label, weight, source, per_child,
               schools) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        [
            (
                settled.activity_id,
                c.code,
                place,
                c.label,
                c.weight,
                c.source,
                c.per_child,
                c.schools,
            )
            for place, c in enumerate(settled.criteria)
        ],
    )


async def stays(connection: Connection, activity_id: UUID, today: date) -> list[Stay]:
    """On which days the children of the activity take up its places, from today on."""
    rows = await connection.fetch(STAYS, activity_id, today)
    return [Stay(row["first"], row["last"]) for row in rows]


def admission(row: asyncpg.Record, criteria: list[Criterion]) -> Admission:
    """The admission that a row of its table holds, with its criteria."""
    return Admission(
        activity_id=row["activity_id"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        mode=row["mode"],
        automatic=row["automatic"],
        places=row["places"],
        papers=row["papers"],
        criteria=tuple(criteria),
    )


def criterion(row: asyncpg.Record) -> Criterion:
    """The criterion that a row of its table holds."""
    return Criterion(
        code=row["code"],
        label=row["label"],
        weight=row["weight"],
        source=row["source"],
        per_child=row["per_child"],
        schools=tuple(row["schools"]),
    )
