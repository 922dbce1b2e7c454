"""How activities share out their places, and what each age group of a session takes."""

from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.waiting import PlaceRules

KEEP = """
INSERT INTO place_rule (activity_id, version, waiting_mode, answer_hours, notice_hours,
    group_name, group_min, group_max, group_capacity, group_ratio)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (activity_id) DO UPDATE SET version = $2, waiting_mode = $3, answer_hours = $4,
    notice_hours = $5, group_name = $6, group_min = $7, group_max = $8, group_capacity = $9,
    group_ratio = $10
WHERE place_rule.version < $2
RETURNING true
"""

# The same locks in the same order as whoever reserves.
LOCK_COMING = """
SELECT session_id FROM session WHERE activity_id = $1 AND starts_at > $2
ORDER BY session_id FOR NO KEY UPDATE
"""

REGROUP = """
UPDATE session s SET group_min = p.group_min, group_max = p.group_max,
    group_capacity = p.group_capacity,
    group_taken = array_fill(0, ARRAY[cardinality(p.group_min)])
FROM place_rule p
WHERE s.activity_id = $1 AND p.activity_id = $1 AND s.starts_at > $2
  AND (s.group_min, s.group_max, s.group_capacity)
      IS DISTINCT FROM (p.group_min, p.group_max, p.group_capacity)
RETURNING s.session_id
"""

REGROUP_RESERVATIONS = """
UPDATE reservation r SET age_group = age_group(c.birth_date, s.date, s.group_min, s.group_max)
FROM session s, child c
WHERE s.session_id = ANY ($1) AND r.session_id = s.session_id
  AND c.family_id = r.family_id AND c.child_id = r.child_id
"""

REGROUP_WAITS = """
UPDATE waiting w SET age_group = age_group(c.birth_date, s.date, s.group_min, s.group_max)
FROM session s, child c
WHERE s.session_id = ANY ($1) AND w.session_id = s.session_id AND w.state IN ('waiting', 'offered')
  AND c.family_id = w.family_id AND c.child_id = w.child_id
"""

RECOUNT = """
UPDATE session s SET group_taken = groups_after(s.group_taken, t.groups, 1)
FROM (SELECT session_id, array_agg(age_group) AS groups
      FROM (SELECT session_id, age_group FROM reservation WHERE confirmed
            UNION ALL SELECT session_id, age_group FROM waiting WHERE state = 'offered') taken
      WHERE session_id = ANY ($1) GROUP BY session_id) t
WHERE s.session_id = t.session_id AND s.group_taken IS NOT NULL
"""


async def keep(connection: Connection, rules: PlaceRules) -> bool:
    """Take these rules unless ours are as new; tells whether they were taken."""
    groups = rules.age_groups
    taken = await connection.fetchval(
        KEEP,
        rules.activity_id,
        rules.version,
        rules.waiting_mode,
        rules.answer_hours,
        rules.notice_hours,
        [group.name for group in groups] or None,
        [group.min_age for group in groups] or None,
        [group.max_age for group in groups] or None,
        [group.capacity for group in groups] or None,
        [group.children_per_adult for group in groups] or None,
    )
    return bool(taken)


async def lock_coming(connection: Connection, activity_id: UUID, now: datetime) -> list[UUID]:
    """Have the activity's coming sessions alone until the transaction ends."""
    rows = await connection.fetch(LOCK_COMING, activity_id, now)
    return [row["session_id"] for row in rows]


async def regroup(connection: Connection, activity_id: UUID, now: datetime) -> None:
    """Count the places of the coming sessions by the activity's age groups of today."""
    rows = await connection.fetch(REGROUP, activity_id, now)
    if regrouped := [row["session_id"] for row in rows]:
        for statement in (REGROUP_RESERVATIONS, REGROUP_WAITS, RECOUNT):
            await connection.execute(statement, regrouped)
