"""What agendas show to calendar programs, and which secret addresses a family has."""

from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.agenda import LOOK_BACK, FeedEntry
from services.reservations.model.periods import Period
from services.reservations.queries.calendar import Row

LINKS = """
SELECT l.link_id, l.account_id, l.child_id, c.first_name, l.label, l.created_at, l.renewed_at,
       l.last_read_on
FROM agenda_link l LEFT JOIN child c USING (family_id, child_id)
WHERE l.family_id = $1 ORDER BY l.label, l.created_at, l.link_id
"""

ENTRIES = """
SELECT r.session_id, r.child_id, coalesce(c.first_name, 'Enfant') AS first_name,
       session_name(a.name, s.slot_name) AS activity_name, a.place, s.starts_at,
       s.ends_at, r.confirmed, r.version, r.changed_at
FROM reservation r
JOIN session s USING (session_id)
JOIN activity a USING (activity_id)
LEFT JOIN child c ON c.family_id = r.family_id AND c.child_id = r.child_id
WHERE r.family_id = $1 AND ($2::uuid IS NULL OR r.child_id = $2)
  AND s.date BETWEEN $3 AND $4 AND (r.confirmed OR r.changed_at >= $5)
ORDER BY s.starts_at, r.session_id, r.child_id
"""

LATE_REQUESTS = """
SELECT q.ask_id, q.child_id, coalesce(c.first_name, '') AS first_name, s.activity_id,
       session_name(a.name, s.slot_name) AS activity_name, s.date, q.state,
       q.reason, q.asked_at, q.answered_at
FROM late_ask q
JOIN session s USING (session_id)
JOIN activity a USING (activity_id)
LEFT JOIN child c ON c.family_id = q.family_id AND c.child_id = q.child_id
WHERE q.family_id = $1 ORDER BY q.asked_at DESC, q.ask_id LIMIT 500
"""


async def links(connection: Connection, family_id: UUID) -> list[Row]:
    """The family's links, whichever of its guardians made them; the secrets are not known."""
    return [dict(row) for row in await connection.fetch(LINKS, family_id)]


async def entries(
    connection: Connection, family_id: UUID, child_id: UUID | None, now: datetime, period: Period
) -> list[FeedEntry]:
    """What the family holds over the period, and what it gave back lately."""
    rows = await connection.fetch(
        ENTRIES, family_id, child_id, period.first, period.last, now - LOOK_BACK
    )
    return [FeedEntry(**dict(row)) for row in rows]


async def late_requests(connection: Connection, family_id: UUID) -> list[Row]:
    """What the family asked of the staff after the limit, and their answers, the newest first."""
    return [dict(row) for row in await connection.fetch(LATE_REQUESTS, family_id)]
