"""Sessions as the staff see them, with their rosters and what was said on them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.events.enrolment import AgeGroup
from services.chassis.database import Connection
from services.reservations.errors import UnknownSession
from services.reservations.model.periods import Period

Row = dict[str, Any]

# What the roll says of a child; a mark that was taken back with the child's place says nothing.
SAID = "NOT (t.state = 'absent' AND t.reservation_id IS NULL AND t.marked_by IS NULL)"

SESSION = f"""
SELECT s.session_id, s.activity_id,
       session_name(a.name, s.slot_name) AS activity_name, a.kind, a.place,
       s.date, s.slot, s.starts_at, s.ends_at, s.capacity, s.booked, s.open, s.closed_reason,
       (SELECT count(*) FROM attendance t
        WHERE t.session_id = s.session_id AND {SAID}) AS marked
FROM session s JOIN activity a USING (activity_id)
"""  # noqa: S608 - a constant of this module
SESSIONS = (
    SESSION
    + """
WHERE s.date BETWEEN $1 AND $2 AND ($3::uuid IS NULL OR s.activity_id = $3)
  AND (s.open OR s.booked > 0)
ORDER BY s.date, s.starts_at, activity_name, s.session_id
"""
)
ONE = SESSION + "WHERE s.session_id = $1"

AGE_GROUPS = "SELECT age_groups FROM activity WHERE activity_id = $1"

# Those expected, those marked without being expected, and those enrolled who are neither. A care
# plan is shown until the end of its last day: then the family has a new one to hand in.
ROSTER = f"""
WITH line AS (
    SELECT child_id, coalesce(r.family_id, t.family_id) AS family_id, r.reservation_id, t.state,
           t.arrived_at, t.left_at, coalesce(t.late_pickup_minutes, 0) AS late_pickup_minutes,
           t.taken_at, t.marked_by, coalesce(t.excused, false) AS excused, true AS listed
    FROM (SELECT * FROM reservation WHERE session_id = $1 AND confirmed) r
    FULL JOIN (SELECT * FROM attendance t WHERE session_id = $1 AND {SAID}) t USING (child_id)
    UNION ALL
    SELECT DISTINCT ON (e.child_id) e.child_id, e.family_id, NULL::uuid, NULL, NULL, NULL, 0,
           NULL, NULL, false, false
    FROM session s JOIN enrolment e USING (activity_id)
    WHERE s.session_id = $1 AND s.date BETWEEN e.starts_on AND e.ends_on
      AND NOT EXISTS (SELECT FROM reservation r WHERE r.session_id = $1
                      AND r.child_id = e.child_id AND r.confirmed)
      AND NOT EXISTS (SELECT FROM attendance t WHERE t.session_id = $1
                      AND t.child_id = e.child_id AND {SAID})
)
SELECT l.*, coalesce(c.first_name, '') AS first_name, coalesce(c.last_name, '') AS last_name,
       c.school_class, coalesce(c.diet, 'standard') AS diet, c.allergies, n.school_code,
       extract(year FROM age(s.date, c.birth_date))::integer AS age,
       coalesce(n.pick_ups, '[]') AS pick_ups, coalesce(n.consents, '[]') AS consents,
       CASE WHEN n.care_valid_until < s.date THEN '' ELSE coalesce(n.care_instructions, '') END
           AS care_instructions,
       EXISTS (SELECT FROM absence b WHERE b.child_id = l.child_id AND b.state <> 'withdrawn'
               AND s.date BETWEEN b.first_day AND b.last_day) AS announced_absent
FROM line l JOIN session s ON s.session_id = $1
LEFT JOIN child c USING (family_id, child_id)
LEFT JOIN child_notes n USING (family_id, child_id)
ORDER BY lower(c.last_name), lower(c.first_name), l.child_id
"""  # noqa: S608 - a constant of this module

ATTENDANCE = """
SELECT child_id, attendance_id, version, state, reservation_id, arrived_at, left_at,
       late_pickup_minutes, excused, taken_at, marked_by
FROM attendance WHERE session_id = $1 ORDER BY child_id
"""

MARKS = """
SELECT child_id, mark_id, state, arrived_at, left_at, taken_at, taken_by, device, received_at
FROM roll_mark WHERE session_id = $1 ORDER BY taken_at, mark_id
"""


@dataclass(frozen=True, slots=True)
class Roster:
    """A session, the children to expect or seen, and the enrolled who are neither."""

    session: Row
    age_groups: tuple[AgeGroup, ...]
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
    session = await _session(connection, session_id, activities)
    groups = await connection.fetchval(AGE_GROUPS, session["activity_id"])
    rows = [dict(row) for row in await connection.fetch(ROSTER, session_id)]
    return Roster(
        session=session,
        age_groups=tuple(AgeGroup.model_validate(group) for group in groups or ()),
        children=[row for row in rows if row["listed"]],
        enrolled=[row for row in rows if not row["listed"]],
    )


async def attendance(
    connection: Connection, session_id: UUID, activities: frozenset[UUID] | None = None
) -> list[Row]:
    """What the roll says of each child, with every mark that was taken. Raises UnknownSession."""
    await _session(connection, session_id, activities)
    marks: dict[UUID, list[Row]] = defaultdict(list)
    for row in await connection.fetch(MARKS, session_id):
        marks[row["child_id"]].append(dict(row))
    rows = await connection.fetch(ATTENDANCE, session_id)
    return [{**row, "marks": marks[row["child_id"]]} for row in rows]


async def _session(
    connection: Connection, session_id: UUID, activities: frozenset[UUID] | None
) -> Row:
    session = await connection.fetchrow(ONE, session_id)
    if session is None or (activities is not None and session["activity_id"] not in activities):
        raise UnknownSession
    return dict(session)
