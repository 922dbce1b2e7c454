"""The roll of a session: read and written under the session's lock."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from services.chassis.database import Connection
from services.reservations.model.roll import Line

# A child who came without being expected is its first home's, by id, unless a home was told before.
LINES = """
SELECT m.child_id, coalesce(r.family_id, t.family_id, e.family_id) AS family_id,
       r.reservation_id, t.attendance_id, t.state, t.version,
       t.reservation_id AS told_reservation_id
FROM unnest($2::uuid[]) AS m(child_id)
JOIN session s ON s.session_id = $1
LEFT JOIN reservation r ON r.session_id = $1 AND r.child_id = m.child_id AND r.confirmed
LEFT JOIN attendance t ON t.session_id = $1 AND t.child_id = m.child_id
LEFT JOIN LATERAL (
    SELECT e.family_id FROM enrolment e
    WHERE e.child_id = m.child_id AND e.activity_id = s.activity_id
      AND s.date BETWEEN e.starts_on AND e.ends_on
    ORDER BY e.family_id LIMIT 1
) e ON true
WHERE coalesce(r.family_id, t.family_id, e.family_id) IS NOT NULL
"""

SAVE = """
INSERT INTO attendance (session_id, child_id, attendance_id, version, family_id, reservation_id,
    state, marked_by, marked_at)
SELECT $1, *, $8, $9 FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::uuid[], $6::uuid[],
    $7::text[])
ON CONFLICT (session_id, child_id) DO UPDATE SET version = excluded.version,
    family_id = excluded.family_id, reservation_id = excluded.reservation_id,
    state = excluded.state, marked_by = excluded.marked_by, marked_at = excluded.marked_at
"""


async def lines(connection: Connection, session_id: UUID, children: Sequence[UUID]) -> list[Line]:
    """The lines of those of these children who may stand on the roll."""
    rows = await connection.fetch(LINES, session_id, children)
    return [
        Line(
            child_id=row["child_id"],
            family_id=row["family_id"],
            attendance_id=row["attendance_id"] or uuid4(),
            reservation_id=row["reservation_id"],
            told_reservation_id=row["told_reservation_id"],
            state=row["state"],
            version=row["version"] or 0,
        )
        for row in rows
    ]


async def save(
    connection: Connection,
    session_id: UUID,
    changed: Sequence[Line],
    *,
    marked_by: UUID | None,
    now: datetime,
) -> None:
    """Write these lines as they now stand."""
    await connection.execute(
        SAVE,
        session_id,
        [line.child_id for line in changed],
        [line.attendance_id for line in changed],
        [line.version for line in changed],
        [line.family_id for line in changed],
        [line.reservation_id for line in changed],
        [line.state for line in changed],
        marked_by,
        now,
    )
