"""Sessions as the staff see them, with their rosters."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.errors import UnknownSession
from services.reservations.model.periods import Period

Row = dict[str, Any]

SESSION = """
SELECT s.session_id, s.activity_id,
       concat_ws(' – ', a.name, nullif(s.slot_name, '')) AS activity_name, a.kind, a.place,
       s.date, s.slot, s.starts_at, s.ends_at, s.capacity, s.booked, s.open, s.closed_reason,
       (SELECT count(*) FROM attendance t WHERE t.session_id = s.session_id) AS marked
FROM session s JOIN activity a USING (activity_id)
"""
SESSIONS = (
    SESSION
    + """
WHERE s.date BETWEEN $1 AND $2 AND ($3::uuid IS NULL OR s.activity_id = $3)
  AND (s.open OR s.booked > 0)
ORDER BY s.date, s.starts_at, activity_name, s.session_id
"""
)
ONE = SESSION + "WHERE s.session_id = $1"

# Those expected, those marked without being expected, and those enrolled who are neither.
ROSTER = """
WITH line AS (
    SELECT child_id, coalesce(r.family_id, t.family_id) AS family_id, r.reservation_id, t.state,
           true AS listed
    FROM (SELECT * FROM reservation WHERE session_id = $1 AND confirmed) r
    FULL JOIN (SELECT * FROM attendance WHERE session_id = $1) t USING (child_id)
    UNION ALL
    SELECT DISTINCT ON (e.child_id) e.child_id, e.family_id, NULL::uuid, NULL, false
    FROM session s JOIN enrolment e USING (activity_id)
    WHERE s.session_id = $1 AND s.date BETWEEN e.starts_on AND e.ends_on
      AND NOT EXISTS (SELECT FROM reservation r WHERE r.session_id = $1
                      AND r.child_id = e.child_id AND r.confirmed)
      AND NOT EXISTS (SELECT FROM attendance t WHERE t.session_id = $1
                      AND t.child_id = e.child_id)
)
SELECT l.child_id, l.family_id, l.reservation_id, l.state, l.listed,
       coalesce(c.first_name, '') AS first_name, coalesce(c.last_name, '') AS last_name,
       c.school_class, coalesce(c.diet, 'standard') AS diet, c.allergies
FROM line l LEFT JOIN child c USING (family_id, child_id)
ORDER BY lower(c.last_name), lower(c.first_name), l.child_id
"""


@dataclass(frozen=True, slots=True)
class Roster:
    """A session, the children to expect or seen, and the enrolled who are neither."""

    session: Row
    children: list[Row]
    enrolled: list[Row]


async def sessions(connection: Connection, period: Period, activity_id: UUID | None) -> list[Row]:
    """The sessions of a period, of one activity or all."""
    rows = await connection.fetch(SESSIONS, period.first, period.last, activity_id)
    return [dict(row) for row in rows]


async def roster(
    connection: Connection, session_id: UUID, activities: frozenset[UUID] | None = None
) -> Roster:
    """Who is expected, who came, who might come. Raises UnknownSession.

    A session of another activity than these is as good as none.
    """
    session = await connection.fetchrow(ONE, session_id)
    if session is None or (activities is not None and session["activity_id"] not in activities):
        raise UnknownSession
    rows = [dict(row) for row in await connection.fetch(ROSTER, session_id)]
    return Roster(
        session=dict(session),
        children=[row for row in rows if row["listed"]],
        enrolled=[row for row in rows if not row["listed"]],
    )
