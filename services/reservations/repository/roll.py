"""The roll of a session: read and written under the session's lock."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.chassis.database import Connection
from services.reservations.model.roll import HeldSession, Hour, Line, Mark, Standing

# A child who came without being expected is its first home's, by id, unless a home was told before.
LINES = """
SELECT m.child_id, coalesce(r.family_id, t.family_id, e.family_id) AS family_id,
       r.reservation_id, t.attendance_id, t.state, t.version, t.arrived_at, t.left_at,
       coalesce(t.excused, false) AS excused, t.reservation_id AS told_reservation_id
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

MARKS = """
SELECT mark_id, child_id, state, says_arrival, arrived_at, says_departure, left_at, taken_at,
       taken_by, device
FROM roll_mark WHERE session_id = $1 AND child_id = ANY($2)
"""

ADD_MARKS = """
INSERT INTO roll_mark (session_id, received_at, mark_id, child_id, family_id, state, says_arrival,
    arrived_at, says_departure, left_at, taken_at, taken_by, device)
SELECT $1, $2, m.* FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::boolean[],
    $8::timestamptz[], $9::boolean[], $10::timestamptz[], $11::timestamptz[], $12::uuid[],
    $13::text[]) AS m
ON CONFLICT (mark_id) DO NOTHING
"""

SAVE = """
INSERT INTO attendance (session_id, marked_at, child_id, attendance_id, version, family_id,
    reservation_id, state, arrived_at, left_at, late_pickup_minutes, excused, marked_by, taken_at)
SELECT $1, $2, l.* FROM unnest($3::uuid[], $4::uuid[], $5::integer[], $6::uuid[], $7::uuid[],
    $8::text[], $9::timestamptz[], $10::timestamptz[], $11::integer[], $12::boolean[],
    $13::uuid[], $14::timestamptz[]) AS l
ON CONFLICT (session_id, child_id) DO UPDATE SET version = excluded.version,
    family_id = excluded.family_id, reservation_id = excluded.reservation_id,
    state = excluded.state, arrived_at = excluded.arrived_at, left_at = excluded.left_at,
    late_pickup_minutes = excluded.late_pickup_minutes, excused = excluded.excused,
    marked_by = excluded.marked_by, marked_at = excluded.marked_at, taken_at = excluded.taken_at
"""


async def lines(connection: Connection, session_id: UUID, children: Sequence[UUID]) -> list[Line]:
    """The lines of those of these children who may stand on the roll, with all their marks."""
    marks: dict[UUID, list[Mark]] = defaultdict(list)
    for row in await connection.fetch(MARKS, session_id, children):
        marks[row["child_id"]].append(_mark(row))
    rows = await connection.fetch(LINES, session_id, children)
    return [_line(row, marks[row["child_id"]]) for row in rows]


async def used_elsewhere(
    connection: Connection, session_id: UUID, marks: Sequence[Mark]
) -> set[UUID]:
    """The numbers of these marks that another mark has: of another session or another child."""
    rows = await connection.fetch(
        """SELECT k.mark_id FROM roll_mark k
           JOIN unnest($2::uuid[], $3::uuid[]) AS m (mark_id, child_id) USING (mark_id)
           WHERE (k.session_id, k.child_id) <> ($1, m.child_id)""",
        session_id,
        [mark.mark_id for mark in marks],
        [mark.child_id for mark in marks],
    )
    return {row["mark_id"] for row in rows}


async def add_marks(
    connection: Connection,
    session_id: UUID,
    marks: Sequence[Mark],
    families: dict[UUID, UUID],
    now: datetime,
) -> None:
    """Keep these marks beside those that were taken before; `families` by child."""
    await connection.execute(
        ADD_MARKS,
        session_id,
        now,
        [mark.mark_id for mark in marks],
        [mark.child_id for mark in marks],
        [families[mark.child_id] for mark in marks],
        [mark.state for mark in marks],
        [mark.arrival is not None for mark in marks],
        [mark.arrival and mark.arrival.at for mark in marks],
        [mark.departure is not None for mark in marks],
        [mark.departure and mark.departure.at for mark in marks],
        [mark.taken_at for mark in marks],
        [mark.taken_by for mark in marks],
        [mark.device for mark in marks],
    )


async def save(
    connection: Connection, session: HeldSession, changed: Sequence[Line], now: datetime
) -> None:
    """Write these lines as they now stand."""
    told = [(line, line.told, line.last) for line in changed if line.told]
    await connection.execute(
        SAVE,
        session.session_id,
        now,
        [line.child_id for line, _, _ in told],
        [line.attendance_id for line, _, _ in told],
        [line.version for line, _, _ in told],
        [line.family_id for line, _, _ in told],
        [standing.reservation_id for _, standing, _ in told],
        [standing.state for _, standing, _ in told],
        [standing.arrived_at for _, standing, _ in told],
        [standing.left_at for _, standing, _ in told],
        [standing.late_pickup_minutes(session.ends_at) for _, standing, _ in told],
        [line.excused for line, _, _ in told],
        [last.taken_by if last else None for _, _, last in told],
        [last.taken_at if last else now for _, _, last in told],
    )


def _line(row: Any, marks: Sequence[Mark]) -> Line:
    told = (
        Standing(row["state"], row["arrived_at"], row["left_at"], row["told_reservation_id"])
        if row["state"]
        else None
    )
    return Line(
        child_id=row["child_id"],
        family_id=row["family_id"],
        attendance_id=row["attendance_id"] or uuid4(),
        reservation_id=row["reservation_id"],
        marks=tuple(marks),
        excused=row["excused"],
        told=told,
        version=row["version"] or 0,
    )


def _mark(row: Any) -> Mark:
    return Mark(
        child_id=row["child_id"],
        state=row["state"],
        taken_at=row["taken_at"],
        mark_id=row["mark_id"],
        arrival=Hour(row["arrived_at"]) if row["says_arrival"] else None,
        departure=Hour(row["left_at"]) if row["says_departure"] else None,
        taken_by=row["taken_by"],
        device=row["device"],
    )
