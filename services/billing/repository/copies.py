"""Copies of what other services own: families, children, activities."""

from uuid import UUID

from services.billing.errors import UnknownFamily
from services.billing.model.families import Enrolled, Family
from services.billing.model.stays import Stay
from services.chassis.database import Connection


async def keep_family(connection: Connection, family: Family) -> bool:
    """Take this state of a family's file unless ours is newer; tells whether it was taken.

    The same state again is taken: what we keep of it may have grown since.
    """
    taken = await connection.fetchval(
        """INSERT INTO family (family_id, record_version, reference, label, resident, quotient,
               quotient_until, mail, addressee)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (family_id) DO UPDATE SET record_version = $2, reference = $3, label = $4,
               resident = $5, quotient = $6, quotient_until = $7, mail = $8, addressee = $9
           WHERE family.record_version <= $2
           RETURNING true""",
        family.family_id,
        family.record_version,
        family.reference,
        family.label,
        family.resident,
        family.quotient,
        family.quotient_until,
        family.mail,
        family.addressee,
    )
    if taken:
        await _keep_children(connection, family)
    return bool(taken)


async def _keep_children(connection: Connection, family: Family) -> None:
    # A child that left the file stays: charges of its past days still name it.
    await connection.execute(
        """INSERT INTO child (family_id, child_id, first_name, last_name, own_meal, birth_date)
           SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::date[])
           ON CONFLICT (family_id, child_id) DO UPDATE SET first_name = excluded.first_name,
               last_name = excluded.last_name, own_meal = excluded.own_meal,
               birth_date = excluded.birth_date""",
        family.family_id,
        [child.child_id for child in family.children],
        [child.first_name for child in family.children],
        [child.last_name for child in family.children],
        [child.own_meal for child in family.children],
        [child.birth_date for child in family.children],
    )


async def require_family(connection: Connection, family_id: UUID) -> None:
    """Raises UnknownFamily when no file of this family has arrived."""
    known: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM family WHERE family_id = $1 AND record_version > 0)", family_id
    )
    if not known:
        raise UnknownFamily


async def has_child(connection: Connection, family_id: UUID, child_id: UUID) -> bool:
    """Whether the child is in the family's file."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM child WHERE family_id = $1 AND child_id = $2)",
        family_id,
        child_id,
    )
    return found


async def keep_activity(
    connection: Connection,
    activity_id: UUID,
    *,
    version: int,
    name: str,
    kind: str,
    school_year: str,
    hours: Stay | None = None,
) -> None:
    """Take this state of an activity unless ours is newer; `hours` from its start to its end."""
    starts, ends = hours or (None, None)
    await connection.execute(
        """INSERT INTO activity (activity_id, version, name, kind, school_year, starts_minute,
               ends_minute)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (activity_id) DO UPDATE SET version = $2, name = $3, kind = $4,
               school_year = $5, starts_minute = $6, ends_minute = $7
           WHERE activity.version < $2""",
        activity_id,
        version,
        name,
        kind,
        school_year,
        starts,
        ends,
    )


async def keep_enrolment(connection: Connection, told: Enrolled) -> bool:
    """Take this state of an enrolment unless ours is newer; tells whether it was taken.

    A later state that does not say from when the child comes keeps what was said.
    """
    taken: bool | None = await connection.fetchval(
        """INSERT INTO enrolled_child AS e (enrolment_id, version, family_id, child_id,
               activity_id, starts_on, ends_on)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (enrolment_id) DO UPDATE SET version = $2, family_id = $3, child_id = $4,
               starts_on = coalesce($6, e.starts_on), ends_on = $7
           WHERE e.version < $2
           RETURNING true""",
        told.enrolment_id,
        told.version,
        told.family_id,
        told.child_id,
        told.activity_id,
        told.starts_on,
        told.ends_on,
    )
    return bool(taken)
