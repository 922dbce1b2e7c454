"""What families ask of the staff after the limit: one at a time a child and session."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from asyncpg import Record

from services.chassis.database import Connection
from services.reservations.errors import UnknownAsk
from services.reservations.model.late_asks import LateAsk
from services.reservations.model.places import Asker, Item, Wish

# What waits for an answer is not asked twice.
ASK = """
INSERT INTO late_ask (session_id, child_id, ask_id, version, family_id, state, asked_at, asked_by)
SELECT w.session_id, w.child_id, w.ask_id, 1, w.family_id, 'pending', $5, $6
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])
    AS w(session_id, child_id, ask_id, family_id)
ON CONFLICT (session_id, child_id, family_id) WHERE state = 'pending' DO NOTHING
RETURNING ask_id, version, session_id, child_id, family_id
"""

ONE = """
SELECT q.ask_id, q.version, q.session_id, q.child_id, q.family_id, q.state, q.reason,
       s.activity_id, s.date
FROM late_ask q JOIN session s USING (session_id)
WHERE q.ask_id = $1 AND ($2::uuid IS NULL OR q.family_id = $2) FOR UPDATE OF q
"""
# The session first: whoever closes it answers what is asked of it under its lock.
LOCK_SESSION = """
SELECT s.session_id FROM session s JOIN late_ask q USING (session_id)
WHERE q.ask_id = $1 FOR NO KEY UPDATE OF s
"""


async def ask(
    connection: Connection, wishes: Sequence[Wish], asker: Asker, now: datetime
) -> list[LateAsk]:
    """Write these down; tells those that were not asked already."""
    rows = await connection.fetch(
        ASK,
        [wish.item.session_id for wish in wishes],
        [wish.item.child_id for wish in wishes],
        [uuid4() for _ in wishes],
        [wish.family_id for wish in wishes],
        now,
        asker.account_id,
    )
    known = {wish.item: wish for wish in wishes}
    return [_asked(row, known[Item(row["child_id"], row["session_id"])]) for row in rows]


def _asked(row: Record, wish: Wish) -> LateAsk:
    return LateAsk(
        ask_id=row["ask_id"],
        version=row["version"],
        item=wish.item,
        family_id=wish.family_id,
        activity_id=wish.activity_id,
        day=wish.day,
    )


async def lock(connection: Connection, ask_id: UUID, family_id: UUID | None = None) -> LateAsk:
    """The ask and its session, nobody else changing them meanwhile.

    Another family's is none (None: any family's). Raises UnknownAsk.
    """
    await connection.execute(LOCK_SESSION, ask_id)
    row = await connection.fetchrow(ONE, ask_id, family_id)
    if row is None:
        raise UnknownAsk
    return late_ask(row)


def late_ask(row: Record) -> LateAsk:
    """The ask that a row tells of."""
    return LateAsk(
        ask_id=row["ask_id"],
        version=row["version"],
        item=Item(row["child_id"], row["session_id"]),
        family_id=row["family_id"],
        activity_id=row["activity_id"],
        day=row["date"],
        state=row["state"],
        reason=row["reason"],
    )


async def save_answer(
    connection: Connection, answered: LateAsk, *, now: datetime, by: UUID | None
) -> None:
    """Keep the answer, or that the family took it back."""
    await connection.execute(
        """UPDATE late_ask SET version = $2, state = $3, reason = $4, answered_at = $5,
               answered_by = $6
           WHERE ask_id = $1""",
        answered.ask_id,
        answered.version,
        answered.state,
        answered.reason,
        now,
        by,
    )
