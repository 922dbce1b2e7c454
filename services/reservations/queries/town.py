"""The town's closures, and what families ask for after the limit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.errors import UnknownAsk, UnknownClosure
from services.reservations.model.periods import Period

Row = dict[str, Any]

CLOSURE = """
SELECT c.closure_id, c.first_day AS from_day, c.last_day AS to_day, c.activity_ids, c.reason,
       c.created_at, c.lifted_at,
       ARRAY(SELECT a.name FROM activity a WHERE a.activity_id = ANY (c.activity_ids)
             ORDER BY a.name) AS activities
FROM closure c
"""
CLOSURES = (
    CLOSURE
    + """
WHERE c.first_day <= $2 AND c.last_day >= $1 AND c.lifted_at IS NULL
ORDER BY c.first_day, c.closure_id
"""
)
ONE_CLOSURE = CLOSURE + "WHERE c.closure_id = $1"

ASK = """
SELECT q.ask_id, q.state, q.reason, q.family_id, q.child_id, q.session_id, q.asked_at,
       q.answered_at, coalesce(c.first_name, '') AS first_name,
       coalesce(c.last_name, '') AS last_name, s.activity_id,
       session_name(a.name, s.slot_name) AS activity_name, s.date, s.starts_at,
       greatest(s.capacity - s.booked, 0) AS remaining,
       (SELECT l.reason FROM late_ask l
        WHERE l.session_id = q.session_id AND l.child_id = q.child_id
          AND l.family_id = q.family_id AND l.state = 'refused' AND l.asked_at < q.asked_at
        ORDER BY l.asked_at DESC LIMIT 1) AS refused_before
FROM late_ask q
JOIN session s USING (session_id)
JOIN activity a USING (activity_id)
LEFT JOIN child c ON c.family_id = q.family_id AND c.child_id = q.child_id
"""
# What waits for an answer is of use until the session begins.
ASKS = (
    ASK
    + """
WHERE q.state = $1 AND ($2::date IS NULL OR s.date >= $2)
  AND (q.state <> 'pending' OR s.starts_at > $3)
ORDER BY s.starts_at, q.asked_at, q.ask_id LIMIT 500
"""
)
ONE_ASK = ASK + "WHERE q.ask_id = $1"


async def closures(connection: Connection, period: Period) -> list[Row]:
    """The closures in force that reach into a period."""
    rows = await connection.fetch(CLOSURES, period.first, period.last)
    return [dict(row) for row in rows]


async def closure(connection: Connection, closure_id: UUID) -> Row:
    """One closure. Raises UnknownClosure."""
    row = await connection.fetchrow(ONE_CLOSURE, closure_id)
    if row is None:
        raise UnknownClosure
    return dict(row)


async def put_in(connection: Connection, zone: str) -> dict[str, datetime]:
    """Which school years of the zone came from a file, and when."""
    rows = await connection.fetch(
        "SELECT label, put_in_at FROM official_year WHERE zone = $1", zone
    )
    return {row["label"]: row["put_in_at"] for row in rows}


async def asks(connection: Connection, state: str, since: date | None, now: datetime) -> list[Row]:
    """What families ask for after the limit, the nearest session first."""
    return [dict(row) for row in await connection.fetch(ASKS, state, since, now)]


async def ask(connection: Connection, ask_id: UUID) -> Row:
    """One ask. Raises UnknownAsk."""
    row = await connection.fetchrow(ONE_ASK, ask_id)
    if row is None:
        raise UnknownAsk
    return dict(row)
