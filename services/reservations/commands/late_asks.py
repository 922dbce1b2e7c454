"""Ask the staff for a place after the limit, and take that back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.model.late_asks import LateAsk
from services.reservations.model.places import Asker, Item, Outcome, Wish
from services.reservations.repository import late_asks


async def ask_staff(
    connection: Connection, wishes: Sequence[Wish], asker: Asker, now: datetime
) -> dict[Item, Outcome]:
    """Put these wishes to the staff; asked twice is asked once."""
    asked = await late_asks.ask(connection, wishes, asker, now)
    await outbox.append_all(connection, map(publishing.asked, asked))
    return {wish.item: Outcome(wish.item, requested=True) for wish in wishes}


async def withdraw_ask(
    connection: Connection, ask_id: UUID, family_id: UUID, *, now: datetime, by: UUID | None
) -> LateAsk:
    """The family no longer asks; taken back twice is once.

    Raises UnknownAsk (another family's too), AskAnswered.
    """
    ask = await late_asks.lock(connection, ask_id, family_id)
    withdrawn = ask.answered("withdrawn")
    if withdrawn is not ask:
        await late_asks.save_answer(connection, withdrawn, now=now, by=by)
        await outbox.append(connection, publishing.ask_withdrawn(withdrawn))
    return withdrawn
