"""Answer what a family asked for after the limit."""

from datetime import datetime
from uuid import UUID

from services.chassis import outbox
from services.chassis.database import Connection
from services.reservations import publishing
from services.reservations.commands.reserve import reserve
from services.reservations.errors import AskOutdated
from services.reservations.model.late_asks import LateAsk
from services.reservations.model.places import Asker
from services.reservations.repository import late_asks


async def accept_ask(
    connection: Connection, ask_id: UUID, *, now: datetime, by: UUID | None
) -> LateAsk:
    """Keep the place as the staff do past the limit; accepted twice is once.

    Raises UnknownAsk, AskAnswered, or AskOutdated when there is no place to give any more.
    """
    ask = await late_asks.lock(connection, ask_id)
    accepted = ask.answered("accepted")
    if accepted is ask:
        return ask
    asker = Asker(ask.family_id, by_staff=True, account_id=by)
    [outcome] = await reserve(connection, [ask.item], asker, now)
    if outcome.refusal:
        raise AskOutdated(outcome.detail or "")
    await _answer(connection, accepted, now, by)
    return accepted


async def refuse_ask(
    connection: Connection, ask_id: UUID, *, reason: str, now: datetime, by: UUID | None
) -> LateAsk:
    """Refuse, with the reason that the family reads; refused twice keeps the first reason.

    Raises UnknownAsk, AskAnswered.
    """
    ask = await late_asks.lock(connection, ask_id)
    refused = ask.answered("refused", reason)
    if refused is not ask:
        await _answer(connection, refused, now, by)
    return refused


async def _answer(
    connection: Connection, answered: LateAsk, now: datetime, by: UUID | None
) -> None:
    await late_asks.save_answer(connection, answered, now=now, by=by)
    await outbox.append(connection, publishing.answered(answered))
