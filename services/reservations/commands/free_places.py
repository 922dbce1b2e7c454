"""Give back the places of a family that leaves."""

from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.commands.answer_offer import give_up_all
from services.reservations.commands.cancel import cancel_reservation
from services.reservations.model.places import Asker
from services.reservations.repository import places


async def free_coming_places(connection: Connection, family_id: UUID, now: datetime) -> None:
    """Cancel what the family holds from now on: nobody will come. Too late is charged, as ever.

    Nor does it wait for places any more.
    """
    await give_up_all(connection, family_id, now)
    asker = Asker(family_id, by_staff=True, account_id=None)
    for reservation_id in await places.coming(connection, family_id, now):
        await cancel_reservation(connection, reservation_id, asker, now)
