"""Reads and writes house rules, and who accepted which version."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.model.enrolments import Hand
from services.enrolment.model.regulations import Regulations

OF_YEAR = """
SELECT school_year, version, title, text, published_at FROM regulations
WHERE school_year = $1 ORDER BY version DESC LIMIT 1
"""
OF_ACTIVITY = """
SELECT a.school_year, r.version, r.title, r.text, r.published_at, r.activity_id
FROM activity_regulations r JOIN activity a USING (activity_id)
WHERE a.activity_id = $1 ORDER BY r.version DESC LIMIT 1
"""


async def of_year(connection: Connection, label: str) -> Regulations | None:
    """The newest regulations of the school year."""
    row = await connection.fetchrow(OF_YEAR, label)
    return Regulations(**dict(row)) if row else None


async def of_activity(connection: Connection, activity_id: UUID) -> Regulations | None:
    """The newest regulations of the activity itself."""
    row = await connection.fetchrow(OF_ACTIVITY, activity_id)
    return Regulations(**dict(row)) if row else None


async def insert(connection: Connection, new: Regulations) -> None:
    """Add a version; versions are never changed."""
    values = (new.version, new.title, new.text, new.published_at)
    if new.activity_id:
        await connection.execute(
            """INSERT INTO activity_regulations (activity_id, version, title, text, published_at)
               VALUES ($1, $2, $3, $4, $5)""",
            new.activity_id,
            *values,
        )
    else:
        await connection.execute(
            """INSERT INTO regulations (school_year, version, title, text, published_at)
               VALUES ($1, $2, $3, $4, $5)""",
            new.school_year,
            *values,
        )


async def keep_acceptances(
    connection: Connection,
    family_id: UUID,
    accepted: Sequence[Regulations],
    now: datetime,
    hand: Hand,
) -> None:
    """The family accepted these texts; the first time counts."""
    await connection.execute(
        """INSERT INTO regulations_acceptance (family_id, school_year, activity_id, version,
               accepted_at, accepted_by)
           SELECT $1, r.school_year, r.activity_id, r.version, $5, $6
           FROM unnest($2::text[], $3::uuid[], $4::integer[])
               AS r (school_year, activity_id, version)
           ON CONFLICT DO NOTHING""",
        family_id,
        [r.school_year for r in accepted],
        [r.activity_id for r in accepted],
        [r.version for r in accepted],
        now,
        hand.account_id,
    )
