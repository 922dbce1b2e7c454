"""Reserve or give back the same days over a period."""

from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.commands.cancel import cancel_reservation
from services.reservations.commands.reserve import reserve
from services.reservations.errors import PatternTooLong
from services.reservations.model.patterns import Pattern
from services.reservations.model.places import Asker, Outcome, Refusal, Terms
from services.reservations.repository import patterns, places

# Two children on four days a week of a school year.
MAX_ITEMS = 400


async def reserve_pattern(
    connection: Connection,
    pattern: Pattern,
    asker: Asker,
    now: datetime,
    *,
    to_wait: bool = False,
    in_other_home: bool = False,
) -> list[Outcome]:
    """Keep every coming session of the pattern; days in the other home only when asked for.

    Raises PatternTooLong.
    """
    items = await patterns.coming(connection, pattern, now, limit=MAX_ITEMS + 1)
    _check_length(len(items))
    everything = frozenset(items)
    terms = Terms(
        to_wait=everything if to_wait else frozenset(),
        in_other_home=everything if in_other_home else frozenset(),
    )
    outcomes = await reserve(connection, items, asker, now, terms)
    return [o for o in outcomes if o.refusal is not Refusal.OTHER_HOMES_DAY]


async def cancel_pattern(
    connection: Connection, pattern: Pattern, asker: Asker, now: datetime
) -> dict[UUID, bool]:
    """Give back what the family holds in the pattern; tells of each whether it is still charged.

    Raises PatternTooLong.
    """
    found = await patterns.held(connection, pattern, asker.family_id, now, limit=MAX_ITEMS + 1)
    _check_length(len(found))
    await places.lock_sessions(connection, set(found.values()))
    return {
        reservation_id: await cancel_reservation(connection, reservation_id, asker, now)
        for reservation_id in found
    }


def _check_length(count: int) -> None:
    if count > MAX_ITEMS:
        raise PatternTooLong(f"Une demande porte sur {MAX_ITEMS} séances au plus.")
