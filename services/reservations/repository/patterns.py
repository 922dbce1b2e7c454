"""The sessions of weekly patterns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.patterns import Pattern
from services.reservations.model.places import Item

# Where no slot is named the pattern means each part of the day, but for those that lie within
# another one: the whole day where there is one.
COMING = """
SELECT DISTINCT c.child_id, s.session_id, s.date, s.starts_at, a.name
FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[])
    AS c(child_id, activity_id, weekday, slot)
JOIN session s ON s.activity_id = c.activity_id AND s.date BETWEEN $5 AND $6
    AND extract(isodow FROM s.date)::integer = c.weekday
JOIN activity a ON a.activity_id = s.activity_id
WHERE s.open AND s.starts_at > $7 AND s.date <> ALL ($8::date[])
  AND ($9::integer IS NULL OR extract(week FROM s.date)::integer % 2 = $9)
  AND (c.slot = s.slot OR c.slot IS NULL AND NOT EXISTS (SELECT FROM session o
      WHERE o.activity_id = s.activity_id AND o.date = s.date AND o.open
        AND o.starts_at <= s.starts_at AND o.ends_at >= s.ends_at
        AND o.ends_at - o.starts_at > s.ends_at - s.starts_at))
ORDER BY s.date, s.starts_at, a.name, c.child_id, s.session_id LIMIT $10
"""

HELD = """
SELECT DISTINCT r.reservation_id, r.session_id, s.date, s.starts_at
FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[])
    AS c(child_id, activity_id, weekday, slot)
JOIN session s ON s.activity_id = c.activity_id AND s.date BETWEEN $5 AND $6
    AND extract(isodow FROM s.date)::integer = c.weekday
JOIN reservation r ON r.session_id = s.session_id AND r.child_id = c.child_id AND r.confirmed
WHERE s.starts_at > $7 AND s.date <> ALL ($8::date[])
  AND ($9::integer IS NULL OR extract(week FROM s.date)::integer % 2 = $9)
  AND (c.slot IS NULL OR c.slot = s.slot)
  AND ($11::uuid IS NULL OR r.family_id = $11)
ORDER BY s.date, s.starts_at, r.reservation_id LIMIT $10
"""


async def coming(
    connection: Connection, pattern: Pattern, now: datetime, *, limit: int
) -> list[Item]:
    """The coming sessions of the pattern, in order of time."""
    rows = await connection.fetch(COMING, *_asked(pattern, now, limit))
    return [Item(row["child_id"], row["session_id"]) for row in rows]


async def held(
    connection: Connection, pattern: Pattern, family_id: UUID | None, now: datetime, *, limit: int
) -> dict[UUID, UUID]:
    """The reservations that the family holds in the pattern, each with its session."""
    rows = await connection.fetch(HELD, *_asked(pattern, now, limit), family_id)
    return {row["reservation_id"]: row["session_id"] for row in rows}


def _asked(pattern: Pattern, now: datetime, limit: int) -> tuple[Any, ...]:
    cells = list(pattern.cells())
    return (
        [cell[0] for cell in cells],
        [cell[1] for cell in cells],
        [cell[2] for cell in cells],
        [cell[3] for cell in cells],
        pattern.period.first,
        pattern.period.last,
        now,
        sorted(pattern.but_for),
        pattern.parity,
        limit,
    )
