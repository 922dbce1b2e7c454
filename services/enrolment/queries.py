"""What enrolment shows: years, schools, activities, children, enrolments."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.errors import (
    UnknownActivity,
    UnknownChild,
    UnknownEnrolment,
    UnknownRegulations,
    UnknownSchoolYear,
)
from services.enrolment.model import Regulations, School, SchoolYear

Row = dict[str, Any]

# Decisions are dated in the history; a request that was not decided has one step only.
ENROLMENT = """
SELECT e.enrolment_id, e.version, e.status, e.child_id, e.family_id, e.activity_id, e.school_year,
       e.starts_on, e.ends_on, e.regulations_version, e.submitted_at,
       coalesce(c.first_name || ' ' || c.last_name, '') AS child_name,
       coalesce(f.label, '') AS family_label, coalesce(f.reference, '') AS family_reference,
       a.name AS activity_name, a.weekdays, history.steps AS history,
       CASE WHEN e.version > 1 THEN history.last_at END AS decided_at, history.last_note AS reason
FROM enrolment e
JOIN activity a USING (activity_id)
LEFT JOIN family f USING (family_id)
LEFT JOIN family_child c USING (family_id, child_id)
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('at', s.at, 'status', s.status, 'note', s.note)
                     ORDER BY s.version) AS steps,
           max(s.at) AS last_at,
           max(s.note) FILTER (WHERE s.version = e.version) AS last_note
    FROM enrolment_step s WHERE s.enrolment_id = e.enrolment_id
) history
"""
PAGE = (
    ENROLMENT
    + """
WHERE ($1::uuid IS NULL OR e.family_id = $1) AND ($2::text IS NULL OR e.status = $2)
  AND ($3::uuid IS NULL OR e.child_id = $3) AND ($4::uuid IS NULL OR e.activity_id = $4)
ORDER BY e.submitted_at DESC, e.enrolment_id LIMIT $5 OFFSET $6
"""
)
COUNT = """
SELECT count(*) FROM enrolment
WHERE ($1::uuid IS NULL OR family_id = $1) AND ($2::text IS NULL OR status = $2)
  AND ($3::uuid IS NULL OR child_id = $3) AND ($4::uuid IS NULL OR activity_id = $4)
"""
ONE = ENROLMENT + "WHERE e.enrolment_id = $1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which enrolments; what is None does not matter."""

    family_id: UUID | None
    status: str | None = None
    child_id: UUID | None = None
    activity_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and how long the whole list is."""

    rows: list[Row]
    total: int


async def school_years(connection: Connection) -> list[SchoolYear]:
    """All school years, the newest first."""
    rows = await connection.fetch("SELECT * FROM school_year ORDER BY label DESC")
    return [SchoolYear(**dict(row)) for row in rows]


async def school_year(connection: Connection, label: str) -> SchoolYear:
    """One school year. Raises UnknownSchoolYear."""
    row = await connection.fetchrow("SELECT * FROM school_year WHERE label = $1", label)
    if row is None:
        raise UnknownSchoolYear
    return SchoolYear(**dict(row))


async def regulations(connection: Connection, school_year: str) -> Regulations:
    """The house rules in force. Raises UnknownRegulations when none were published."""
    row = await connection.fetchrow(
        "SELECT * FROM regulations WHERE school_year = $1 ORDER BY version DESC LIMIT 1",
        school_year,
    )
    if row is None:
        raise UnknownRegulations
    return Regulations(**dict(row))


async def schools(connection: Connection) -> list[School]:
    """The town's schools by name."""
    rows = await connection.fetch("SELECT * FROM school ORDER BY name")
    return [School(**dict(row)) for row in rows]


async def activities(connection: Connection, school_year: str | None) -> list[Row]:
    """What is on offer, in one school year or all."""
    rows = await connection.fetch(
        """SELECT * FROM activity WHERE $1::text IS NULL OR school_year = $1
           ORDER BY school_year DESC, name, activity_id""",
        school_year,
    )
    return [dict(row) for row in rows]


async def activity(connection: Connection, activity_id: UUID) -> Row:
    """One activity. Raises UnknownActivity."""
    row = await connection.fetchrow("SELECT * FROM activity WHERE activity_id = $1", activity_id)
    if row is None:
        raise UnknownActivity
    return dict(row)


async def children(connection: Connection, family_id: UUID) -> list[Row]:
    """A family's children, the eldest first."""
    rows = await connection.fetch(
        """SELECT c.child_id, c.first_name, c.last_name, c.birth_date, c.school_code,
                  s.name AS school_name, c.school_class
           FROM family_child c LEFT JOIN school s ON s.code = c.school_code
           WHERE c.family_id = $1 AND c.in_file ORDER BY c.birth_date, c.child_id""",
        family_id,
    )
    return [dict(row) for row in rows]


async def require_child(connection: Connection, family_id: UUID, child_id: UUID) -> None:
    """Raises UnknownChild when the child is not of this family."""
    if not await connection.fetchval(
        "SELECT EXISTS (SELECT FROM family_child WHERE family_id = $1 AND child_id = $2)",
        family_id,
        child_id,
    ):
        raise UnknownChild


async def enrolments(connection: Connection, wanted: Wanted, *, page: int, size: int) -> Page:
    """Requests and enrolments with their history, the newest first."""
    matching = (wanted.family_id, wanted.status, wanted.child_id, wanted.activity_id)
    rows = await connection.fetch(PAGE, *matching, size, (page - 1) * size)
    total = await connection.fetchval(COUNT, *matching)
    return Page([dict(row) for row in rows], total)


async def enrolment(connection: Connection, enrolment_id: UUID) -> Row:
    """One enrolment with its history. Raises UnknownEnrolment."""
    row = await connection.fetchrow(ONE, enrolment_id)
    if row is None:
        raise UnknownEnrolment
    return dict(row)
