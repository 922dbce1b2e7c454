"""Write down who came."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.errors import UnknownSession
from services.reservations.model.roll import Line, Mark, apply_marks
from services.reservations.repository import roll, sessions


async def take_roll(
    connection: Connection,
    session_id: UUID,
    marks: Sequence[Mark],
    *,
    marked_by: UUID | None,
    now: datetime,
    activities: frozenset[UUID] | None = None,
) -> list[Line]:
    """Record or correct these marks; what was said already is not told again.

    A session of another activity than these is as good as none.
    Raises UnknownSession, NotOnTheRoll.
    """
    session = await sessions.lock(connection, session_id)
    if activities is not None and session.activity_id not in activities:
        raise UnknownSession
    # Read after the lock, or a mark made while waiting for it would be overlooked.
    lines = await roll.lines(connection, session_id, [mark.child_id for mark in marks])
    marked, changed = apply_marks(marks, lines)
    if changed:
        await roll.save(connection, session_id, changed, marked_by=marked_by, now=now)
        await outbox.append_all(connection, [publishing.recorded(session, c) for c in changed])
    return marked
