"""Keep places: each item of a basket by itself, together in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.commands.late_asks import ask_staff
from services.reservations.commands.serve_lines import leave, serve_lines
from services.reservations.model.judging import split, with_ranks
from services.reservations.model.places import (
    NO_TERMS,
    Asker,
    Booking,
    Item,
    Joining,
    Outcome,
    Place,
    Refusal,
    Terms,
)
from services.reservations.repository import places, waiting

Outcomes = dict[Item, Outcome]


async def reserve(
    connection: Connection,
    items: Sequence[Item],
    asker: Asker,
    now: datetime,
    terms: Terms = NO_TERMS,
) -> list[Outcome]:
    """Keep each item's place if it may be kept and there is one; tells what became of each.

    Two statements whatever the size of the basket, and the outbox. More only where a line, an
    offer or another session at the same hours has a say.
    """
    outcomes: Outcomes = {}
    wanted = list(dict.fromkeys(items))
    found = await _read(connection, wanted, asker, now)
    while found:
        basket = split(found, asker, now, terms)
        outcomes |= basket.decided
        if basket.bookings and basket.joinings:
            # Both lock sessions: all are locked first, in the one order.
            await places.lock_sessions(connection, {item.session_id for item in wanted})
        outcomes |= await _book(connection, basket.bookings, found, asker, now)
        outcomes |= await _join(connection, basket.joinings, now)
        if basket.wishes:
            outcomes |= await ask_staff(connection, basket.wishes, asker, now)
        # What another request changed between reading and locking is judged once more, now that
        # the sessions are locked: each round decides at least one item of every session.
        wanted = [item for item in wanted if item not in outcomes]
        found = await places.places(connection, wanted, asker.family_id) if wanted else []
    return await _ranked(connection, [outcomes[item] for item in items])


async def _read(
    connection: Connection, wanted: Sequence[Item], asker: Asker, now: datetime
) -> list[Place]:
    """The items as they stand; under all their locks, and behind the lines, where that matters."""
    found = await places.places(connection, wanted, asker.family_id)
    if not any(place.is_contested for place in found):
        return found
    await places.lock(connection, wanted)
    await serve_lines(connection, {item.session_id for item in wanted}, now)
    return await places.places(connection, wanted, asker.family_id)


async def _book(
    connection: Connection,
    bookings: Sequence[Booking],
    found: Sequence[Place],
    asker: Asker,
    now: datetime,
) -> Outcomes:
    if not bookings:
        return {}
    kept = await places.book(connection, bookings, asker, now)
    made = {k.item for k in kept}
    waited = [p.standing.waiting_id for p in found if p.standing and p.item in made]
    await leave(connection, waited, "placed", now)
    await outbox.append_all(connection, map(publishing.made, kept))
    return {k.item: Outcome(k.item, k.reservation_id, late=k.late) for k in kept}


async def _join(connection: Connection, joinings: Sequence[Joining], now: datetime) -> Outcomes:
    if not joinings:
        return {}
    waits, lineless = await waiting.join(connection, joinings, now)
    await outbox.append_all(connection, map(publishing.joined_line, waits))
    return {
        **{wait.item: Outcome(wait.item, waiting_id=wait.waiting_id) for wait in waits},
        **{item: Outcome.refused(item, Refusal.NO_WAITING_LIST) for item in lineless},
    }


async def _ranked(connection: Connection, outcomes: list[Outcome]) -> list[Outcome]:
    waits = [outcome.waiting_id for outcome in outcomes if outcome.waiting_id]
    if not waits:
        return outcomes
    return with_ranks(outcomes, await waiting.ranks(connection, waits))
