"""Write down who came."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.errors import UnknownSession
from services.reservations.model.places import Reservation
from services.reservations.model.roll import (
    Answered,
    HeldSession,
    Line,
    Mark,
    apply_marks,
    refuse_wrong_marks,
    taken_now,
)
from services.reservations.repository import roll, sessions


async def take_roll(
    connection: Connection,
    session_id: UUID,
    marks: Sequence[Mark],
    *,
    unnumbered: Collection[UUID],
    now: datetime,
    activities: frozenset[UUID] | None = None,
) -> list[Answered]:
    """Take these marks in, each once; what was said already is not told again.

    A session of another activity than these is as good as none. `unnumbered` are the marks whose
    id is ours: they are taken now, and of them one wrong one refuses all.
    Raises UnknownSession, NotOnTheRoll.
    """
    session = await sessions.lock(connection, session_id)
    if activities is not None and session.activity_id not in activities:
        raise UnknownSession
    # Read after the lock, or a mark made while waiting for it would be overlooked.
    lines = await roll.lines(connection, session_id, list({mark.child_id for mark in marks}))
    used = await roll.used_elsewhere(connection, session_id, marks)
    timed = [taken_now(mark, lines) if mark.mark_id in unnumbered else mark for mark in marks]
    taken = apply_marks(timed, lines, session, used)
    refuse_wrong_marks(taken.answers, unnumbered)
    families = {line.child_id: line.family_id for line in lines}
    if taken.fresh:
        await roll.add_marks(connection, session_id, taken.fresh, families, now)
    await write_down(connection, session, taken.changed, taken.news, now)
    return taken.answers


async def unmark(connection: Connection, held: Reservation, now: datetime) -> None:
    """Take back that the child came, where the place is given back before the session's day.

    The place is free already, and its session locked.
    """
    if paris_date(now) >= held.day:
        return
    for line in await roll.lines(connection, held.item.session_id, [held.item.child_id]):
        unmarked, back = line.unmarked(now)
        if back is None:
            continue
        session = await sessions.lock(connection, held.item.session_id)
        families = {line.child_id: line.family_id}
        await roll.add_marks(connection, session.session_id, [back], families, now)
        await write_down(connection, session, [unmarked], [unmarked], now)


async def write_down(
    connection: Connection,
    session: HeldSession,
    changed: Sequence[Line],
    news: Sequence[Line],
    now: datetime,
) -> None:
    """Keep these lines of a locked session, and tell those that say something new."""
    if changed:
        await roll.save(connection, session, changed, now)
        await outbox.append_all(connection, [publishing.recorded(session, line) for line in news])
