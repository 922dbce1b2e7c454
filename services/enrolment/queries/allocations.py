"""Allocations as the staff look at them: who would get in, who would wait, and why."""

from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.enrolment.errors import UnknownAllocation

ALLOCATIONS = """
SELECT o.allocation_id, o.activity_id, a.name AS activity_name, a.school_year, o.seed, o.places,
       o.made_at, o.confirmed_at,
       (SELECT count(*) FROM allocation_line l
        WHERE l.allocation_id = o.allocation_id AND l.outcome = 'placed') AS placed,
       (SELECT count(*) FROM allocation_line l
        WHERE l.allocation_id = o.allocation_id AND l.outcome <> 'placed') AS waiting
FROM allocation o JOIN activity a USING (activity_id)
"""
LINES = """
SELECT l.position, l.enrolment_id, l.points, l.draw, l.outcome, l.reasons, l.explanation,
       e.status, e.family_id, e.child_id, e.submitted_at,
       coalesce(c.first_name || ' ' || c.last_name, '') AS child_name,
       coalesce(f.label, '') AS family_label
FROM allocation_line l JOIN enrolment e USING (enrolment_id)
LEFT JOIN family f USING (family_id)
LEFT JOIN family_child c USING (family_id, child_id)
WHERE l.allocation_id = $1 ORDER BY l.position
"""


async def allocations(connection: Connection, activity_id: UUID | None) -> list[dict[str, Any]]:
    """The newest hundred, of one activity or all."""
    rows = await connection.fetch(
        ALLOCATIONS
        + """WHERE $1::uuid IS NULL OR o.activity_id = $1
             ORDER BY o.made_at DESC, o.allocation_id LIMIT 100""",
        activity_id,
    )
    return [dict(row) for row in rows]


async def allocation(connection: Connection, allocation_id: UUID) -> dict[str, Any]:
    """One allocation with its lines. Raises UnknownAllocation."""
    row = await connection.fetchrow(ALLOCATIONS + "WHERE o.allocation_id = $1", allocation_id)
    if row is None:
        raise UnknownAllocation
    lines = await connection.fetch(LINES, allocation_id)
    return dict(row) | {"lines": [dict(line) for line in lines]}
