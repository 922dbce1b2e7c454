"""Who is enrolled, who is expected, and which places a closure took: whom to write to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.chassis.database import Connection
from services.notifications.model import ClosedPlace, Enrolled, Expected

KEEP_ENROLLED = """
INSERT INTO enrolled (enrolment_id, version, family_id, child_id, activity_id, starts_on, ends_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (enrolment_id) DO UPDATE SET version = excluded.version,
    family_id = excluded.family_id, child_id = excluded.child_id,
    starts_on = coalesce(excluded.starts_on, enrolled.starts_on), ends_on = excluded.ends_on
WHERE enrolled.version < excluded.version
"""

KEEP_EXPECTED = """
INSERT INTO expected (session_id, child_id, version, family_id, activity_id, date, held)
SELECT DISTINCT ON (session_id, child_id) *
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::date[],
            $7::boolean[])
  AS n (session_id, child_id, version, family_id, activity_id, date, held)
ORDER BY session_id, child_id, version DESC
ON CONFLICT (session_id, child_id) DO UPDATE SET version = excluded.version,
    family_id = excluded.family_id, held = excluded.held
WHERE expected.version < excluded.version
"""

# A family is told once nothing more has come for a while, or once it has waited long enough.
DUE_CLOSURES = """
SELECT family_id FROM closed_place WHERE NOT told
GROUP BY family_id HAVING max(heard_at) <= $1 OR min(heard_at) <= $2
ORDER BY min(heard_at) LIMIT $3
"""

TAKE_CLOSURES = """
WITH taken AS (
    UPDATE closed_place SET told = true
    WHERE family_id = ANY ($1::uuid[]) AND NOT told
    RETURNING reservation_id, version, family_id, child_id, activity_id, session_id, date
)
SELECT t.*, s.reason FROM taken t LEFT JOIN closed_session s USING (session_id)
ORDER BY t.family_id, t.date, t.activity_id, t.child_id
"""

JOIN_EXPECTED = """
DELETE FROM expected g USING expected k
WHERE g.child_id = $1 AND k.child_id = $2 AND k.session_id = g.session_id
"""

RENAME_CHILD = (
    "UPDATE expected SET child_id = $2 WHERE child_id = $1",
    "UPDATE enrolled SET child_id = $2 WHERE child_id = $1",
    "UPDATE closed_place SET child_id = $2 WHERE child_id = $1",
)
RENAME_FAMILY = (
    "UPDATE expected SET family_id = $2 WHERE family_id = $1",
    "UPDATE enrolled SET family_id = $2 WHERE family_id = $1",
    "UPDATE closed_place SET family_id = $2 WHERE family_id = $1",
    """UPDATE broadcast_recipient r SET family_id = $2
       WHERE family_id = $1 AND NOT EXISTS (
           SELECT FROM broadcast_recipient o
           WHERE o.broadcast_id = r.broadcast_id AND o.family_id = $2)""",
    # Those that are left have the other family beside them.
    "DELETE FROM broadcast_recipient WHERE family_id = $1 AND family_id <> $2",
)


@dataclass(frozen=True, slots=True)
class Quiet:
    """When places that a closure took are ready to be told, and how many families at a time."""

    silent_since: datetime
    waited_since: datetime
    families: int


async def keep_enrolled(connection: Connection, enrolled: Enrolled) -> None:
    """Take this state of an enrolment unless ours is as new."""
    await connection.execute(
        KEEP_ENROLLED,
        enrolled.enrolment_id,
        enrolled.version,
        enrolled.family_id,
        enrolled.child_id,
        enrolled.activity_id,
        enrolled.starts_on,
        enrolled.ends_on,
    )


async def keep_expected(connection: Connection, expected: Sequence[Expected]) -> None:
    """Take these states of children's places unless ours are as new."""
    await connection.execute(
        KEEP_EXPECTED,
        [one.session_id for one in expected],
        [one.child_id for one in expected],
        [one.version for one in expected],
        [one.family_id for one in expected],
        [one.activity_id for one in expected],
        [one.day for one in expected],
        [one.held for one in expected],
    )


async def keep_closed_session(
    connection: Connection, session_id: UUID, day: date, reason: str
) -> None:
    """Keep why a session does not take place; the last word holds."""
    await connection.execute(
        """INSERT INTO closed_session (session_id, date, reason) VALUES ($1, $2, $3)
           ON CONFLICT (session_id) DO UPDATE SET reason = excluded.reason""",
        session_id,
        day,
        reason,
    )


async def keep_closed_place(connection: Connection, place: ClosedPlace) -> None:
    """Keep a place that a closure took, once."""
    await connection.execute(
        """INSERT INTO closed_place (reservation_id, version, family_id, child_id, activity_id,
                                     session_id, date)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING""",
        place.reservation_id,
        place.version,
        place.family_id,
        place.child_id,
        place.activity_id,
        place.session_id,
        place.day,
    )


async def take_closures(
    connection: Connection, quiet: Quiet
) -> Mapping[UUID, Sequence[ClosedPlace]]:
    """The places taken from families that are to be told now, by family; each is taken once."""
    rows = await connection.fetch(
        DUE_CLOSURES, quiet.silent_since, quiet.waited_since, quiet.families
    )
    families = [row["family_id"] for row in rows]
    found: dict[UUID, list[ClosedPlace]] = {}
    for row in await connection.fetch(TAKE_CLOSURES, families) if families else ():
        place = ClosedPlace(
            reservation_id=row["reservation_id"],
            version=row["version"],
            family_id=row["family_id"],
            child_id=row["child_id"],
            activity_id=row["activity_id"],
            session_id=row["session_id"],
            day=row["date"],
            reason=row["reason"],
        )
        found.setdefault(place.family_id, []).append(place)
    return found


async def forget_days_before(connection: Connection, day: date) -> None:
    """Drop what was kept for days that are over."""
    await connection.execute("DELETE FROM expected WHERE date < $1", day)
    await connection.execute("DELETE FROM closed_place WHERE date < $1 AND told", day)
    await connection.execute("DELETE FROM closed_session WHERE date < $1", day)


async def move_activities(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """Make what is kept of one family's activities the other's."""
    for gone_child, kept_child in children.items():
        await connection.execute(JOIN_EXPECTED, gone_child, kept_child)
        for statement in RENAME_CHILD:
            await connection.execute(statement, gone_child, kept_child)
    for statement in RENAME_FAMILY:
        await connection.execute(statement, gone, family_id)
