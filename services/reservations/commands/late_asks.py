"""Ask the staff for a place after the limit."""

from collections.abc import Sequence
from datetime import datetime

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.model.places import Asker, Item, Outcome, Wish
from services.reservations.repository import late_asks


async def ask_staff(
    connection: Connection, wishes: Sequence[Wish], asker: Asker, now: datetime
) -> dict[Item, Outcome]:
    """Put these wishes to the staff; asked twice is asked once."""
    asked = await late_asks.ask(connection, wishes, asker, now)
    await outbox.append_all(connection, map(publishing.asked, asked))
    return {wish.item: Outcome(wish.item, requested=True) for wish in wishes}
