"""Frees what families hold in sessions that do not take place; the sessions are locked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from services.chassis.database import Connection
from services.reservations.model.late_asks import LateAsk
from services.reservations.model.places import Kept
from services.reservations.model.roll import HeldSession
from services.reservations.model.town_calendar import Closure
from services.reservations.repository.late_asks import late_ask
from services.reservations.repository.places import kept

FREE = """
WITH freed AS (
    UPDATE reservation SET confirmed = false, late = false, version = version + 1,
        by_staff = true, changed_by = NULL, changed_at = $2
    WHERE session_id = ANY ($1) AND (confirmed OR late)
    RETURNING session_id, child_id, reservation_id, version, family_id
), counted AS (
    UPDATE session SET booked = 0,
        group_taken = CASE WHEN group_taken IS NOT NULL
                           THEN array_fill(0, ARRAY[cardinality(group_taken)]) END
    WHERE session_id = ANY ($1)
)
SELECT f.*, s.activity_id, s.date FROM freed f JOIN session s USING (session_id)
ORDER BY f.session_id, f.child_id
"""

FORESEE = """
SELECT count(DISTINCT s.session_id) AS sessions, count(r.reservation_id) AS reservations,
       count(DISTINCT r.family_id) AS families
FROM session s LEFT JOIN reservation r ON r.session_id = s.session_id AND r.confirmed
WHERE s.date BETWEEN $1 AND $2 AND ($3::uuid[] IS NULL OR s.activity_id = ANY ($3))
  AND s.open AND s.starts_at > $4
"""

REFUSE_ASKS = """
UPDATE late_ask q SET state = 'refused', reason = c.reason, version = q.version + 1,
    answered_at = $3, answered_by = NULL
FROM unnest($1::uuid[], $2::text[]) AS c(session_id, reason) JOIN session s USING (session_id)
WHERE q.session_id = c.session_id AND q.state = 'pending'
RETURNING q.ask_id, q.version, q.child_id, q.session_id, q.family_id, s.activity_id, s.date,
          q.state, q.reason
"""


async def sessions(connection: Connection, session_ids: Sequence[UUID]) -> list[HeldSession]:
    """These sessions, in order of time."""
    rows = await connection.fetch(
        """SELECT session_id, activity_id, date, ends_at FROM session WHERE session_id = ANY ($1)
           ORDER BY starts_at, session_id""",
        session_ids,
    )
    return [
        HeldSession(row["session_id"], row["activity_id"], row["date"], row["ends_at"])
        for row in rows
    ]


async def free(connection: Connection, session_ids: Sequence[UUID], now: datetime) -> list[Kept]:
    """Free every place in these sessions, and what was given back late from its charge."""
    rows = await connection.fetch(FREE, session_ids, now)
    return [kept(row) for row in rows]


async def refuse_asks(
    connection: Connection, reasons: Mapping[UUID, str], now: datetime
) -> list[LateAsk]:
    """Answer what families still ask for in these sessions: they do not take place."""
    rows = await connection.fetch(REFUSE_ASKS, list(reasons), list(reasons.values()), now)
    return [late_ask(row) for row in rows]


async def foresee(connection: Connection, closure: Closure, now: datetime) -> Record:
    """How many coming sessions it closes, and the reservations and families in them."""
    row = await connection.fetchrow(
        FORESEE,
        closure.period.first,
        closure.period.last,
        None if closure.activities is None else sorted(closure.activities),
        now,
    )
    assert row is not None  # noqa: S101 - it counts
    return row
