"""What a weekly pattern would do, before it is done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.judging import Judgement, judge
from services.reservations.model.patterns import Pattern
from services.reservations.model.places import (
    Asker,
    Booking,
    Item,
    Joining,
    Outcome,
    Terms,
    Wish,
)
from services.reservations.repository import patterns, places

Row = dict[str, Any]

DAYS = """
SELECT i.child_id, i.session_id,
       coalesce((SELECT c.first_name FROM child c WHERE c.child_id = i.child_id
                 ORDER BY c.in_file DESC LIMIT 1), '') AS first_name,
       s.activity_id, session_name(a.name, s.slot_name) AS activity_name, s.date, s.starts_at,
       s.ends_at, r.reservation_id, r.confirmed AND $3 > s.cancel_until AS charged
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS i(child_id, session_id, position)
JOIN session s USING (session_id)
JOIN activity a USING (activity_id)
LEFT JOIN reservation r ON r.session_id = i.session_id AND r.child_id = i.child_id AND r.confirmed
ORDER BY i.position
"""


async def reserving(
    connection: Connection,
    pattern: Pattern,
    asker: Asker,
    now: datetime,
    *,
    in_other_home: bool,
    limit: int,
) -> list[Row]:
    """Each coming session of the pattern, and what asking for it would come to as things stand."""
    items = await patterns.coming(connection, pattern, now, limit=limit)
    found = await places.places(connection, items, asker.family_id)
    everything = frozenset(items)
    terms = Terms(everything, everything if in_other_home else frozenset())
    expected = [_expected(judge(place, asker, now, terms)) for place in found]
    days = await _days(connection, items, now)
    return [{**day, **what} for day, what in zip(days, expected, strict=True)]


async def cancelling(
    connection: Connection, pattern: Pattern, asker: Asker, now: datetime, *, limit: int
) -> list[Row]:
    """Each reservation of the family in the pattern, and whether giving it back is charged."""
    held = await patterns.held(connection, pattern, asker.family_id, now, limit=limit)
    items = (await places.given(connection, held, asker.family_id)).values()
    days = await _days(connection, list(items), now)
    return [{**day, "expected": "cancelled", "reason": None, "detail": None} for day in days]


def _expected(judged: Judgement) -> Row:
    match judged:
        case Wish() | Outcome(requested=True):
            return {"expected": "requested", "reason": None, "detail": None}
        case Booking():
            return {"expected": "confirmed", "reason": None, "detail": None}
        case Joining() | Outcome(refusal=None, reservation_id=None):
            return {"expected": "full", "reason": None, "detail": None}
        case Outcome(refusal=None):
            return {"expected": "reserved", "reason": None, "detail": None}
        case Outcome(refusal=reason, detail=detail):
            return {"expected": "refused", "reason": reason, "detail": detail}


async def _days(connection: Connection, items: Sequence[Item], now: datetime) -> list[Row]:
    children: list[UUID] = [item.child_id for item in items]
    sessions: list[UUID] = [item.session_id for item in items]
    return [dict(row) for row in await connection.fetch(DAYS, children, sessions, now)]
