"""Give freed places to those who wait, end offers nobody answered and lines whose time is over."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.chassis import outbox
from services.chassis.database import Connection, Database
from services.reservations import publishing
from services.reservations.model.places import Asker
from services.reservations.model.waiting import (
    LeavingCause,
    Line,
    PlaceRules,
    Waiter,
    bookings_of,
)
from services.reservations.repository import place_rules, places, waiting

# A place that the line gives is asked for by nobody.
THE_LINE = Asker(family_id=None, by_staff=False, account_id=None)
WITHOUT_A_TURN: tuple[LeavingCause, ...] = ("placed", "over")


async def serve_lines(connection: Connection, session_ids: Collection[UUID], now: datetime) -> None:
    """Give or offer what is free in these sessions, which the caller has locked.

    The first in line who fit, until no place is left for any of them.
    """
    for line in await waiting.lines(connection, session_ids):
        if not line.is_served_at(now):
            continue
        for cause in WITHOUT_A_TURN:
            gone = [w.waiting_id for w in line.waiters if w.leaves_for == cause]
            await leave(connection, gone, cause, now)
        await _serve(connection, line, now)


async def _serve(connection: Connection, line: Line, now: datetime) -> None:
    chosen = line.next_ones()
    given = await _for_giving(connection, chosen) if line.mode == "give" else set()
    await _give(connection, [w for w in chosen if w.waiting_id in given], now)
    offers = [(w.waiting_id, line.answer_until(now)) for w in chosen if w.waiting_id not in given]
    if offers:
        offered = await waiting.offer(connection, offers, now)
        await outbox.append_all(connection, map(publishing.offered, offered))


async def _for_giving(connection: Connection, chosen: Sequence[Waiter]) -> set[UUID]:
    """Whom to give a place without asking; who holds another at those hours is asked instead."""
    children = [waiter.item.child_id for waiter in chosen]
    alone = await places.lock_children_at_hand(connection, children)
    engaged = await waiting.engaged(connection, [waiter.item for waiter in chosen])
    return {w.waiting_id for w in chosen if w.item.child_id in alone and w.item not in engaged}


async def _give(connection: Connection, waiters: Sequence[Waiter], now: datetime) -> None:
    if waiters:
        kept = await places.book(connection, bookings_of(waiters), THE_LINE, now)
        await leave(connection, [w.waiting_id for w in waiters], "placed", now)
        await outbox.append_all(connection, map(publishing.made, kept))


async def leave(
    connection: Connection, waiting_ids: Collection[UUID], cause: LeavingCause, now: datetime
) -> None:
    """End these waits, whose sessions the caller has locked, and tell it."""
    if waiting_ids:
        left = await waiting.leave(connection, waiting_ids, cause, now)
        await outbox.append_all(connection, [publishing.left_line(w, cause) for w in left])


async def end_lines(connection: Connection, session_ids: Collection[UUID], now: datetime) -> None:
    """End the waits of these sessions, which the caller has locked, that can bring nothing more."""
    await leave(connection, await waiting.over(connection, session_ids, now), "over", now)


async def follow_lines(database: Database, now: datetime) -> None:
    """Do what time asks of the lines, a session at a time: others go on meanwhile."""
    async with database.connection() as connection:
        due = await waiting.due(connection, now)
    for session_id in due:
        async with database.transaction() as connection:
            await places.lock_sessions(connection, [session_id])
            await settle(connection, [session_id], now)


async def settle(connection: Connection, session_ids: Collection[UUID], now: datetime) -> None:
    """Bring the lines of these sessions, which the caller has locked, to where they must be now."""
    lapsed = await waiting.unanswered(connection, session_ids, now)
    await leave(connection, lapsed, "unanswered", now)
    await end_lines(connection, session_ids, now)
    await serve_lines(connection, session_ids, now)


async def keep_place_rules(connection: Connection, rules: PlaceRules, now: datetime) -> None:
    """Keep how the activity shares out its places, and make its coming sessions follow."""
    if await place_rules.keep(connection, rules):
        await follow_sessions(connection, rules.activity_id, now)


async def follow_sessions(connection: Connection, activity_id: UUID, now: datetime) -> None:
    """Make places and lines follow the activity's coming sessions as they are now.

    To be called whenever sessions were made, opened, closed or given another capacity.
    """
    coming = await place_rules.lock_coming(connection, activity_id, now)
    await place_rules.regroup(connection, activity_id, now)
    await settle(connection, coming, now)
