"""Keep places: a basket, or a weekly pattern; each item by itself, together in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.commands.late_asks import ask_staff
from services.reservations.errors import PatternTooLong
from services.reservations.model.places import Asker, Item, Outcome, Pattern, split
from services.reservations.repository import places, sessions

MAX_ITEMS = 200


async def reserve(
    connection: Connection, items: Sequence[Item], asker: Asker, now: datetime
) -> list[Outcome]:
    """Keep each item's place if it may be kept and there is one; tells what became of each.

    Two statements whatever the size of the basket, and the outbox.
    """
    outcomes: dict[Item, Outcome] = {}
    wanted = list(dict.fromkeys(items))
    while wanted:
        found = await places.places(connection, wanted, asker.family_id)
        bookings, wishes, decided = split(found, asker, now)
        outcomes |= decided
        if bookings:
            kept = await places.book(connection, bookings, asker, now)
            await outbox.append_all(connection, map(publishing.made, kept))
            outcomes |= {k.item: Outcome(k.item, k.reservation_id, late=k.late) for k in kept}
        if wishes:
            outcomes |= await ask_staff(connection, wishes, asker, now)
        # What another request changed between reading and locking is judged once more, now that
        # the sessions are locked: each round decides at least one item of every session.
        wanted = [item for item in wanted if item not in outcomes]
    return [outcomes[item] for item in items]


async def reserve_pattern(
    connection: Connection, child_id: UUID, pattern: Pattern, asker: Asker, now: datetime
) -> list[Outcome]:
    """The same for every coming session on these weekdays of a period."""
    session_ids = await sessions.matching(connection, pattern, now, limit=MAX_ITEMS + 1)
    if len(session_ids) > MAX_ITEMS:
        raise PatternTooLong(f"Une demande réserve au plus {MAX_ITEMS} séances.")
    return await reserve(connection, [Item(child_id, s) for s in session_ids], asker, now)
