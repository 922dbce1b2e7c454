"""Writes school years, schools and the copies of family files."""

from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.errors import (
    UnknownSchoolYear,
)
from services.enrolment.model.activities import Child, Family, School
from services.enrolment.model.years import SchoolYear


async def lock_school_year(connection: Connection, label: str) -> SchoolYear:
    """The year, locked so that what is published under it takes turns. Raises UnknownSchoolYear."""
    row = await connection.fetchrow(
        "SELECT * FROM school_year WHERE label = $1 FOR NO KEY UPDATE", label
    )
    if row is None:
        raise UnknownSchoolYear
    return SchoolYear(**dict(row))


async def school_year(connection: Connection, label: str) -> SchoolYear:
    """The school year of this label. Raises UnknownSchoolYear."""
    row = await connection.fetchrow("SELECT * FROM school_year WHERE label = $1", label)
    if row is None:
        raise UnknownSchoolYear
    return SchoolYear(**dict(row))


async def save_school_year(connection: Connection, year: SchoolYear) -> None:
    """Insert the year, or give it these dates."""
    await connection.execute(
        """INSERT INTO school_year (label, starts_on, ends_on) VALUES ($1, $2, $3)
           ON CONFLICT (label) DO UPDATE SET starts_on = $2, ends_on = $3""",
        year.label,
        year.starts_on,
        year.ends_on,
    )


async def has_activities(connection: Connection, label: str) -> bool:
    """Whether anything was published under this year."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM activity WHERE school_year = $1)", label
    )
    return found


async def save_school(connection: Connection, school: School) -> None:
    """Insert the school, or give it this name and address."""
    await connection.execute(
        """INSERT INTO school (code, name, address) VALUES ($1, $2, $3)
           ON CONFLICT (code) DO UPDATE SET name = $2, address = $3""",
        school.code,
        school.name,
        school.address,
    )


async def has_accepted_enrolments(connection: Connection, activity_id: UUID) -> bool:
    """Whether a child is enrolled in it."""
    found: bool = await connection.fetchval(
        """SELECT EXISTS (SELECT FROM enrolment WHERE activity_id = $1 AND status = 'accepted')""",
        activity_id,
    )
    return found


async def keep_family(connection: Connection, family: Family) -> bool:
    """Take this state of a family's file unless ours is newer; tells whether it was taken."""
    taken = await connection.fetchval(
        """INSERT INTO family (family_id, record_version, reference, label, resident)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (family_id) DO UPDATE SET record_version = $2, reference = $3, label = $4,
               resident = $5
           WHERE family.record_version < $2
              -- Told again to whoever did not keep all of it.
              OR (family.record_version = $2 AND family.resident IS NULL)
           RETURNING true""",
        family.family_id,
        family.record_version,
        family.reference,
        family.label,
        family.resident,
    )
    if taken:
        await _keep_children(connection, family)
    return bool(taken)


async def _keep_children(connection: Connection, family: Family) -> None:
    children = family.children
    await connection.execute(
        """WITH gone AS (
               UPDATE family_child SET in_file = false
               WHERE family_id = $1 AND child_id <> ALL ($2::uuid[]))
           INSERT INTO family_child (family_id, child_id, first_name, last_name, birth_date,
               school_code, school_class, in_file)
           SELECT $1, *, true FROM unnest($2::uuid[], $3::text[], $4::text[], $5::date[],
               $6::text[], $7::text[])
           ON CONFLICT (family_id, child_id) DO UPDATE SET
               first_name = excluded.first_name, last_name = excluded.last_name,
               birth_date = excluded.birth_date, school_code = excluded.school_code,
               school_class = excluded.school_class, in_file = true""",
        family.family_id,
        [child.child_id for child in children],
        [child.first_name for child in children],
        [child.last_name for child in children],
        [child.birth_date for child in children],
        [child.school_code for child in children],
        [child.school_class for child in children],
    )


async def homes_of(
    connection: Connection, child_id: UUID, family_id: UUID | None
) -> list[tuple[UUID, Child]]:
    """The families whose file has this child, all or this one, each with the child as it says."""
    rows = await connection.fetch(
        """SELECT family_id, child_id, first_name, last_name, birth_date, school_code, school_class
           FROM family_child
           WHERE child_id = $1 AND in_file AND ($2::uuid IS NULL OR family_id = $2)
           ORDER BY family_id""",
        child_id,
        family_id,
    )
    return [(row["family_id"], Child(*row[1:])) for row in rows]
