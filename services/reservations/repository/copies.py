"""Our copies of families and enrolments: the highest version holds."""

from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.families import Child, Enrolment, Family
from services.reservations.repository import rosters


async def keep_family(connection: Connection, family: Family) -> bool:
    """Take this state of a family's file unless ours is as new; tells whether it was taken."""
    taken = await connection.fetchval(
        """INSERT INTO family (family_id, record_version) VALUES ($1, $2)
           ON CONFLICT (family_id) DO UPDATE SET record_version = $2
           WHERE family.record_version < $2
           RETURNING true""",
        family.family_id,
        family.record_version,
    )
    if taken:
        await _keep_children(connection, family.family_id, family.children)
        await rosters.keep_notes(connection, family.family_id, family.notes)
    return bool(taken)


async def _keep_children(
    connection: Connection, family_id: UUID, children: tuple[Child, ...]
) -> None:
    await connection.execute(
        """WITH gone AS (
               UPDATE child SET in_file = false
               WHERE family_id = $1 AND child_id <> ALL ($2::uuid[]))
           INSERT INTO child (family_id, child_id, first_name, last_name, birth_date,
               school_class, diet, allergies, custody, in_file)
           SELECT $1, *, true FROM unnest($2::uuid[], $3::text[], $4::text[], $5::date[],
               $6::text[], $7::text[], $8::text[], $9::jsonb[])
           ON CONFLICT (family_id, child_id) DO UPDATE SET
               first_name = excluded.first_name, last_name = excluded.last_name,
               birth_date = excluded.birth_date, school_class = excluded.school_class,
               diet = excluded.diet, allergies = excluded.allergies,
               custody = excluded.custody, in_file = true""",
        family_id,
        [child.child_id for child in children],
        [child.first_name for child in children],
        [child.last_name for child in children],
        [child.birth_date for child in children],
        [child.school_class for child in children],
        [child.diet for child in children],
        [child.allergies for child in children],
        [child.custody for child in children],
    )


async def keep_enrolment(connection: Connection, enrolment: Enrolment) -> None:
    """Take this state of an accepted enrolment unless ours is as new."""
    await connection.execute(
        """INSERT INTO enrolment (enrolment_id, version, family_id, child_id, activity_id,
               starts_on, ends_on)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (enrolment_id) DO UPDATE SET version = $2, family_id = $3, child_id = $4,
               activity_id = $5, starts_on = $6, ends_on = $7
           WHERE enrolment.version < $2""",
        enrolment.enrolment_id,
        enrolment.version,
        enrolment.family_id,
        enrolment.child_id,
        enrolment.activity_id,
        enrolment.starts_on,
        enrolment.ends_on,
    )
