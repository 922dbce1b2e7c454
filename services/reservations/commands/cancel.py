"""Give a place back."""

from datetime import datetime
from uuid import UUID

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.commands.serve_lines import serve_lines
from services.reservations.commands.take_roll import unmark
from services.reservations.model.places import Asker
from services.reservations.repository import places


async def cancel_reservation(
    connection: Connection, reservation_id: UUID, asker: Asker, now: datetime
) -> bool:
    """Free the place for whoever is next, and tell whether it is still charged; twice is once.

    Raises UnknownReservation, or SessionStarted when a family comes after the beginning.
    """
    held = await places.reservation(connection, reservation_id, asker.family_id)
    if not held.confirmed:
        return held.late
    late = held.late_at(now, by_staff=asker.by_staff)
    version = await places.give_back(connection, held, asker, now, late=late)
    if version is None:
        # Another request gave it back since we read it: its answer is ours.
        return (await places.reservation(connection, reservation_id, asker.family_id)).late
    # Told first: a place given back and a child still marked as come would be charged more.
    await unmark(connection, held, now)
    await outbox.append(connection, publishing.cancelled(held, version, late=late))
    await serve_lines(connection, [held.item.session_id], now)
    return late
