"""Waiting lists as families and the staff see them."""

from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.errors import UnknownSession

Row = dict[str, Any]

OF_FAMILY = """
SELECT w.waiting_id, w.session_id, w.child_id, coalesce(c.first_name, '') AS first_name,
       a.activity_id, session_name(a.name, s.slot_name) AS activity_name, a.kind, s.date,
       s.starts_at, s.ends_at, w.state, w.answer_until, w.joined_at, w.changed_at,
       CASE WHEN w.state IN ('waiting', 'offered') THEN
           (SELECT count(*) FROM waiting b WHERE b.session_id = w.session_id
            AND b.state IN ('waiting', 'offered') AND b.position <= w.position
            AND b.age_group IS NOT DISTINCT FROM w.age_group) END AS rank
FROM waiting w
JOIN session s USING (session_id)
JOIN activity a USING (activity_id)
LEFT JOIN child c ON c.family_id = w.family_id AND c.child_id = w.child_id
WHERE w.family_id = $1 AND ($2 OR w.state IN ('waiting', 'offered'))
ORDER BY s.date, s.starts_at, first_name, w.waiting_id
"""

OF_SESSION = """
SELECT w.waiting_id, w.child_id, w.family_id, coalesce(c.first_name, '') AS first_name,
       coalesce(c.last_name, '') AS last_name, w.state, w.answer_until, w.joined_at,
       p.group_name[w.age_group] AS age_group,
       row_number() OVER (PARTITION BY w.age_group ORDER BY w.position) AS rank
FROM waiting w
JOIN session s USING (session_id)
LEFT JOIN place_rule p USING (activity_id)
LEFT JOIN child c ON c.family_id = w.family_id AND c.child_id = w.child_id
WHERE w.session_id = $1 AND w.state IN ('waiting', 'offered')
ORDER BY w.position
"""

GROUPS = """
SELECT g.name, g.min_age, g.max_age, g.capacity, g.children_per_adult,
       (SELECT count(*) FROM reservation r WHERE r.session_id = s.session_id AND r.confirmed
        AND r.age_group = g.number) AS booked
FROM session s JOIN place_rule p USING (activity_id)
CROSS JOIN LATERAL unnest(p.group_name, p.group_min, p.group_max, p.group_capacity, p.group_ratio)
    WITH ORDINALITY AS g(name, min_age, max_age, capacity, children_per_adult, number)
WHERE s.session_id = $1 ORDER BY g.number
"""

SESSION = """
SELECT s.session_id, s.activity_id, session_name(a.name, s.slot_name) AS activity_name, s.date,
       s.starts_at, s.ends_at, s.capacity, s.booked, s.offered, s.waiting
FROM session s JOIN activity a USING (activity_id) WHERE s.session_id = $1
"""


async def of_family(connection: Connection, family_id: UUID, *, with_ended: bool) -> list[Row]:
    """What the family waits for, and what it is offered; what has ended when asked for."""
    return [dict(row) for row in await connection.fetch(OF_FAMILY, family_id, with_ended)]


async def of_session(connection: Connection, session_id: UUID) -> tuple[Row, list[Row], list[Row]]:
    """The session, its line in order, and its age groups. Raises UnknownSession."""
    session = await connection.fetchrow(SESSION, session_id)
    if session is None:
        raise UnknownSession
    line = await connection.fetch(OF_SESSION, session_id)
    groups = await connection.fetch(GROUPS, session_id)
    return dict(session), [dict(row) for row in line], [dict(row) for row in groups]


async def whose(connection: Connection, waiting_id: UUID) -> dict[str, UUID]:
    """The `family_id` and `child_id` of a wait; nothing when there is none."""
    row = await connection.fetchrow(
        "SELECT family_id, child_id FROM waiting WHERE waiting_id = $1", waiting_id
    )
    return dict(row) if row else {}
