"""Sessions as the calendar makes them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.errors import UnknownSession
from services.reservations.model.activities import PlannedSession
from services.reservations.model.roll import HeldSession

# Baskets lock sessions by id as well: whoever takes several takes them in this order.
LOCK_COMING = """
SELECT session_id FROM session WHERE activity_id = ANY ($1) AND starts_at > $2
ORDER BY session_id FOR NO KEY UPDATE
"""
# What has begun stays as it was held; only its rows that are missing are added.
PLAN = """
WITH planned AS (
    SELECT * FROM unnest($3::uuid[], $4::date[], $5::text[], $6::text[], $7::timestamptz[],
        $8::timestamptz[], $9::integer[], $10::timestamptz[], $11::timestamptz[],
        $12::timestamptz[], $13::text[], $14::timestamptz[], $15::text[])
        AS p(session_id, date, slot, slot_name, starts_at, ends_at, capacity, reserve_from,
             reserve_until, cancel_until, late_policy, late_until, closed_reason)
), dropped AS (
    UPDATE session s SET open = false, closed_reason = NULL
    WHERE s.activity_id = $1 AND s.starts_at > $2 AND (s.open OR s.closed_reason IS NOT NULL)
      AND NOT EXISTS (SELECT FROM planned p WHERE p.session_id = s.session_id)
    RETURNING session_id, date
), kept AS (
    INSERT INTO session AS s
        (session_id, activity_id, date, slot, slot_name, starts_at, ends_at, capacity,
         reserve_from, reserve_until, cancel_until, late_policy, late_until, closed_reason, open)
    SELECT session_id, $1, date, slot, slot_name, starts_at, ends_at, capacity, reserve_from,
           reserve_until, cancel_until, late_policy, late_until, closed_reason,
           closed_reason IS NULL
    FROM planned
    ON CONFLICT (session_id) DO UPDATE SET
        slot_name = excluded.slot_name, starts_at = excluded.starts_at,
        ends_at = excluded.ends_at, capacity = excluded.capacity,
        reserve_from = excluded.reserve_from, reserve_until = excluded.reserve_until,
        cancel_until = excluded.cancel_until, late_policy = excluded.late_policy,
        late_until = excluded.late_until, closed_reason = excluded.closed_reason,
        open = excluded.open
    WHERE s.starts_at > $2
      AND (s.slot_name, s.starts_at, s.ends_at, s.capacity, s.reserve_from, s.reserve_until,
           s.cancel_until, s.late_policy, s.late_until, s.closed_reason, s.open)
          IS DISTINCT FROM
          (excluded.slot_name, excluded.starts_at, excluded.ends_at, excluded.capacity,
           excluded.reserve_from, excluded.reserve_until, excluded.cancel_until,
           excluded.late_policy, excluded.late_until, excluded.closed_reason, excluded.open)
)
SELECT session_id, date FROM dropped ORDER BY session_id
"""


async def lock_coming(connection: Connection, activity_ids: Sequence[UUID], now: datetime) -> None:
    """Keep the coming sessions of these activities as they are, but for us."""
    await connection.execute(LOCK_COMING, activity_ids, now)


async def open_sessions(connection: Connection, activity_id: UUID, now: datetime) -> set[UUID]:
    """The activity's coming sessions that take place so far."""
    rows = await connection.fetch(
        "SELECT session_id FROM session WHERE activity_id = $1 AND starts_at > $2 AND open",
        activity_id,
        now,
    )
    return {row["session_id"] for row in rows}


async def plan(
    connection: Connection, activity_id: UUID, planned: Sequence[PlannedSession], now: datetime
) -> dict[UUID, date]:
    """Add the sessions that are missing, bring the coming ones up to date, close the others.

    Their activity's coming sessions are locked already. Tells which ones were dropped, and their
    days. Reservations are left alone, even those of a session that is closed or became too small.
    """
    rows = await connection.fetch(
        PLAN,
        activity_id,
        now,
        [session.session_id for session in planned],
        [session.day for session in planned],
        [session.slot.code for session in planned],
        [session.slot.name for session in planned],
        [session.starts_at for session in planned],
        [session.ends_at for session in planned],
        [session.capacity for session in planned],
        [session.reserve_from for session in planned],
        [session.reserve_until for session in planned],
        [session.cancel_until for session in planned],
        [session.late_policy for session in planned],
        [session.late_until for session in planned],
        [session.closed_reason for session in planned],
    )
    return {row["session_id"]: row["date"] for row in rows}


async def lock(connection: Connection, session_id: UUID) -> HeldSession:
    """The session, nobody else changing its places or its roll meanwhile. Raises UnknownSession."""
    row = await connection.fetchrow(
        """SELECT activity_id, date, ends_at FROM session
           WHERE session_id = $1 FOR NO KEY UPDATE""",
        session_id,
    )
    if row is None:
        raise UnknownSession
    return HeldSession(session_id, row["activity_id"], row["date"], row["ends_at"])
