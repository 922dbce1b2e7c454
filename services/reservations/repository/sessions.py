"""Sessions as the calendar makes them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.errors import UnknownSession
from services.reservations.model.activities import PlannedSession
from services.reservations.model.roll import HeldSession

# Baskets lock sessions by id as well: whoever takes several takes them in this order.
LOCK_COMING = """
SELECT session_id FROM session WHERE activity_id = $1 AND starts_at > $2
ORDER BY session_id FOR NO KEY UPDATE
"""
# What has begun stays as it was held; only its rows that are missing are added.
PLAN = """
WITH planned AS (
    SELECT * FROM unnest($3::uuid[], $4::date[], $5::timestamptz[], $6::timestamptz[],
        $7::integer[], $8::timestamptz[], $9::timestamptz[])
        AS p(session_id, date, starts_at, ends_at, capacity, reserve_until, cancel_until)
), dropped AS (
    UPDATE session s SET open = false
    WHERE s.activity_id = $1 AND s.starts_at > $2 AND s.open
      AND NOT EXISTS (SELECT FROM planned p WHERE p.session_id = s.session_id)
)
INSERT INTO session AS s
    (session_id, activity_id, date, starts_at, ends_at, capacity, reserve_until, cancel_until)
SELECT session_id, $1, date, starts_at, ends_at, capacity, reserve_until, cancel_until FROM planned
ON CONFLICT (session_id) DO UPDATE SET
    starts_at = excluded.starts_at, ends_at = excluded.ends_at, capacity = excluded.capacity,
    reserve_until = excluded.reserve_until, cancel_until = excluded.cancel_until, open = true
WHERE s.starts_at > $2
  AND (s.starts_at, s.ends_at, s.capacity, s.reserve_until, s.cancel_until, s.open)
      IS DISTINCT FROM (excluded.starts_at, excluded.ends_at, excluded.capacity,
                        excluded.reserve_until, excluded.cancel_until, true)
"""


async def plan(
    connection: Connection, activity_id: UUID, planned: Sequence[PlannedSession], now: datetime
) -> None:
    """Add the sessions that are missing, bring the coming ones up to date, close the others.

    Reservations are left alone, even those of a session that is closed or has become too small.
    """
    await connection.execute(LOCK_COMING, activity_id, now)
    await connection.execute(
        PLAN,
        activity_id,
        now,
        [session.session_id for session in planned],
        [session.day for session in planned],
        [session.starts_at for session in planned],
        [session.ends_at for session in planned],
        [session.capacity for session in planned],
        [session.reserve_until for session in planned],
        [session.cancel_until for session in planned],
    )


async def lock(connection: Connection, session_id: UUID) -> HeldSession:
    """The session, nobody else changing its places or its roll meanwhile. Raises UnknownSession."""
    row = await connection.fetchrow(
        "SELECT activity_id, date FROM session WHERE session_id = $1 FOR NO KEY UPDATE", session_id
    )
    if row is None:
        raise UnknownSession
    return HeldSession(session_id, row["activity_id"], row["date"])
