"""Take an offered place, decline it, or leave the waiting list."""

from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.commands.reserve import reserve
from services.reservations.commands.serve_lines import leave, serve_lines
from services.reservations.errors import NoOffer, OfferRefused
from services.reservations.model.places import Asker, Outcome
from services.reservations.model.waiting import Wait
from services.reservations.repository import places, waiting


async def accept_offer(
    connection: Connection, waiting_id: UUID, asker: Asker, now: datetime
) -> Outcome:
    """Keep the place that is held for the child; twice is once.

    Raises UnknownWaiting, NoOffer, or OfferRefused when another session stands in the way.
    """
    wait = await _locked(connection, waiting_id, asker)
    [place] = await places.places(connection, [wait.item], wait.family_id)
    if not (place.is_promised_at(now) or place.held_by == wait.family_id):
        raise NoOffer("Elle n’est pas encore proposée, ou ne l’est plus.")
    home = Asker(wait.family_id, asker.by_staff, asker.account_id)
    [outcome] = await reserve(connection, [wait.item], home, now)
    if outcome.refusal:
        raise OfferRefused(outcome.detail or "")
    return outcome


async def decline_offer(
    connection: Connection, waiting_id: UUID, asker: Asker, now: datetime
) -> Wait:
    """Let the next in line have the place; twice is once. Raises UnknownWaiting, NoOffer."""
    wait = await _locked(connection, waiting_id, asker)
    if wait.state == "waiting":
        raise NoOffer("Elle n’est pas encore proposée.")
    return await _give_up(connection, wait, now)


async def give_up(connection: Connection, waiting_id: UUID, asker: Asker, now: datetime) -> Wait:
    """Wait no more, offer or not; twice is once. Raises UnknownWaiting."""
    return await _give_up(connection, await _locked(connection, waiting_id, asker), now)


async def give_up_all(connection: Connection, family_id: UUID, now: datetime) -> None:
    """Wait for nothing more: the family leaves."""
    live = await waiting.of_family(connection, family_id)
    if live:
        await places.lock_sessions(connection, live.values())
        await leave(connection, list(live), "given_up", now)
        await serve_lines(connection, set(live.values()), now)


async def _give_up(connection: Connection, wait: Wait, now: datetime) -> Wait:
    if wait.is_live:
        await leave(connection, [wait.waiting_id], "given_up", now)
        await serve_lines(connection, [wait.item.session_id], now)
    return await waiting.wait(connection, wait.waiting_id, None)


async def _locked(connection: Connection, waiting_id: UUID, asker: Asker) -> Wait:
    """The wait as it stands once its child and session are locked."""
    found = await waiting.wait(connection, waiting_id, asker.family_id)
    await places.lock(connection, [found.item])
    return await waiting.wait(connection, waiting_id, asker.family_id)
