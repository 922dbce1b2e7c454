"""House rules as they are shown, and which of them a family has still to accept."""

from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.errors import UnknownRegulations
from services.enrolment.model.regulations import Regulations
from services.enrolment.repository import regulations

# The newest text of each school year and activity in which the family has something under way,
# unless that version or a newer one was accepted.
OWED = """
WITH live AS (
    SELECT DISTINCT school_year, activity_id FROM enrolment
    WHERE family_id = $1 AND status IN ('submitted', 'returned', 'waiting', 'accepted')
      AND ends_on >= $2
), newest AS (
    SELECT DISTINCT ON (r.school_year) r.school_year, NULL::uuid AS activity_id,
           NULL::text AS activity_name, r.version, r.title, r.text, r.published_at
    FROM regulations r WHERE r.school_year IN (SELECT school_year FROM live)
    ORDER BY r.school_year, r.version DESC
), own AS (
    SELECT DISTINCT ON (r.activity_id) a.school_year, r.activity_id, a.name, r.version, r.title,
           r.text, r.published_at
    FROM activity_regulations r JOIN live USING (activity_id) JOIN activity a USING (activity_id)
    ORDER BY r.activity_id, r.version DESC
)
SELECT t.*, (SELECT max(x.version) FROM regulations_acceptance x
             WHERE x.family_id = $1 AND x.school_year = t.school_year
               AND x.activity_id IS NOT DISTINCT FROM t.activity_id) AS accepted_version
FROM (SELECT * FROM newest UNION ALL SELECT * FROM own) t
ORDER BY t.school_year, t.activity_name NULLS FIRST
"""
VERSIONS = """
SELECT t.*, (SELECT count(DISTINCT x.family_id) FROM regulations_acceptance x
             WHERE x.school_year = t.school_year AND x.version = t.version
               AND x.activity_id IS NOT DISTINCT FROM t.activity_id) AS accepted_by
FROM (
    SELECT school_year, NULL::uuid AS activity_id, NULL::text AS activity_name, version, title,
           text, published_at
    FROM regulations
    UNION ALL
    SELECT a.school_year, r.activity_id, a.name, r.version, r.title, r.text, r.published_at
    FROM activity_regulations r JOIN activity a USING (activity_id)
) t
ORDER BY t.school_year DESC, t.activity_name NULLS FIRST, t.version DESC
"""


async def current(
    connection: Connection, school_year: str, activity_id: UUID | None
) -> Regulations:
    """The text in force of a school year, or of one activity. Raises UnknownRegulations."""
    found = (
        await regulations.of_activity(connection, activity_id)
        if activity_id
        else await regulations.of_year(connection, school_year)
    )
    if found is None or found.school_year != school_year:
        raise UnknownRegulations
    return found


async def owed(connection: Connection, family_id: UUID, today: date) -> list[dict[str, Any]]:
    """The texts that the family is asked to accept, each with the version it accepted before."""
    rows = [dict(row) for row in await connection.fetch(OWED, family_id, today)]
    return [row for row in rows if (row["accepted_version"] or 0) < row["version"]]


async def versions(connection: Connection) -> list[dict[str, Any]]:
    """Every version ever published, and how many families accepted it."""
    return [dict(row) for row in await connection.fetch(VERSIONS)]
