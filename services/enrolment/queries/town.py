"""What enrolment shows: years, schools, activities, children."""

from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.errors import (
    UnknownActivity,
    UnknownChild,
    UnknownSchoolYear,
)
from services.enrolment.model.activities import School
from services.enrolment.model.years import SchoolYear

Row = dict[str, Any]


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
