"""Give back the places of a family that leaves."""

from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.commands.answer_offer import give_up_all
from services.reservations.commands.cancel import cancel_reservation
from services.reservations.model.places import Asker
from services.reservations.repository import places, waiting


async def free_coming_places(connection: Connection, family_id: UUID, now: datetime) -> None:
    """Cancel what the family holds from now on: nobody will come. Too late is charged, as ever.

    Nor does it wait for places any more: what it frees goes to who is next in line.
    """
    coming = await places.coming(connection, family_id, now)
    waits = await waiting.of_family(connection, family_id)
    await places.lock_sessions(connection, {*coming.values(), *waits.values()})
    await give_up_all(connection, family_id, now)
    asker = Asker(family_id, by_staff=True, account_id=None)
    for reservation_id in coming:
        await cancel_reservation(connection, reservation_id, asker, now)
