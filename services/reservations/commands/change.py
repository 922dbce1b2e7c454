"""Change a basket of places in one request: give back, exchange, reserve."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.chassis.errors import DomainError
from services.reservations.commands.cancel import cancel_reservation
from services.reservations.commands.reserve import reserve
from services.reservations.errors import SessionStarted, UnknownReservation
from services.reservations.model.places import NO_TERMS, Asker, Item, Outcome, Terms
from services.reservations.repository import places


@dataclass(frozen=True, slots=True)
class Swap:
    """A place to give back once another one is kept in its stead."""

    given: UUID
    wanted: Item


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked in one request; each part of it is done or refused by itself."""

    reserve: tuple[Item, ...] = ()
    cancel: tuple[UUID, ...] = ()
    swap: tuple[Swap, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What became of a reservation that was to be cancelled; `refusal` says why it was not."""

    reservation_id: UUID
    charged: bool = False
    refusal: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Swapped:
    """What became of an exchange: both halves were done, or neither.

    `wanted` is None when the old place could not be given back: nothing else was tried.
    """

    given: GivenBack
    wanted: Outcome | None

    @property
    def done(self) -> bool:
        """Whether the one place was given for the other."""
        return bool(self.wanted and self.wanted.reservation_id)


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of each part."""

    reserved: list[Outcome]
    cancelled: list[GivenBack]
    swapped: list[Swapped]


class _NotKept(Exception):
    """Undoes an exchange whose new place could not be had."""

    def __init__(self, swapped: Swapped) -> None:
        super().__init__()
        self.swapped = swapped


async def change_places(
    connection: Connection, change: Change, asker: Asker, now: datetime, terms: Terms = NO_TERMS
) -> Changed:
    """Give back first, so that those who wait are served before this basket takes anything new."""
    await _lock(connection, change, asker)
    cancelled = [
        await _give_back(connection, reservation_id, asker, now)
        for reservation_id in dict.fromkeys(change.cancel)
    ]
    swapped = [await _exchange(connection, swap, asker, now, terms) for swap in change.swap]
    reserved = await reserve(connection, change.reserve, asker, now, terms)
    return Changed(reserved, cancelled, swapped)


async def _lock(connection: Connection, change: Change, asker: Asker) -> None:
    """All sessions at once and in the one order; reserving alone needs no lock beforehand."""
    given = [*change.cancel, *(swap.given for swap in change.swap)]
    if given:
        items = await places.given(connection, given, asker.family_id)
        wanted = (*change.reserve, *(swap.wanted for swap in change.swap))
        await places.lock(connection, {*items.values(), *wanted})


async def _give_back(
    connection: Connection, reservation_id: UUID, asker: Asker, now: datetime
) -> GivenBack:
    try:
        charged = await cancel_reservation(connection, reservation_id, asker, now)
    except (UnknownReservation, SessionStarted) as refusal:
        return GivenBack(reservation_id, refusal=refusal)
    return GivenBack(reservation_id, charged)


async def _exchange(
    connection: Connection, swap: Swap, asker: Asker, now: datetime, terms: Terms
) -> Swapped:
    """In a savepoint: without the new place the old one was never given back."""
    agreed = Terms(in_other_home=terms.in_other_home)
    try:
        async with connection.transaction():
            given = await _give_back(connection, swap.given, asker, now)
            if given.refusal:
                return Swapped(given, None)
            [wanted] = await reserve(connection, [swap.wanted], asker, now, agreed)
            if not wanted.reservation_id:
                raise _NotKept(Swapped(GivenBack(swap.given), wanted))
    except _NotKept as failed:
        return failed.swapped
    return Swapped(given, wanted)
