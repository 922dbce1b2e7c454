"""The gateway's entrance: the waiting room, and the slots in which requests are served."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from sys import maxsize
from time import perf_counter

from aiohttp import web

from gateway.session import Session
from gateway.settings import GatewaySettings
from gateway.waiting_room.door import Door
from gateway.waiting_room.line import Line
from gateway.waiting_room.room import Inside, Waiting, WaitingRoom
from gateway.waiting_room.slots import Slots
from gateway.waiting_room.tickets import Tickets
from gateway.waiting_room.visits import Visits

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is at the door: the session and the visit they show, and the ticket if any."""

    session: Session | None
    visit: str
    ticket: str

    @property
    def marks(self) -> tuple[int, ...]:
        """What they are known by from one request to the next."""
        named = (self.visit, self.session.session_id if self.session else None)
        return tuple(hash(name) for name in named if name)


class Entrance:
    """Where families' requests come in."""

    def __init__(self, room: WaitingRoom, slots: Slots, tickets: Tickets) -> None:
        self._room = room
        self._slots = slots
        self._tickets = tickets

    def ask(self, asker: Asker, now: datetime, *, soonest: int) -> Inside | Waiting:
        """May this visitor go in, and if not, what are they told?"""
        return self._room.ask(
            asker.marks,
            asker.ticket,
            load=self._slots.load,
            soonest=soonest,
            now=now.timestamp(),
        )

    def welcome(self, session: Session, now: datetime) -> None:
        """Whoever has just signed in is inside, and is known by this session from now on."""
        self._room.welcome((hash(session.session_id),), now.timestamp())

    def written(self, ticket: int) -> str:
        """The ticket as its owner carries it."""
        return self._tickets.write(ticket)

    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Serve a request when it is its turn; how long that takes tells how busy we are."""
        slot = await self._slots.take()
        started = perf_counter()
        try:
            return await handler(request)
        finally:
            self._room.answered(perf_counter() - started, self._slots.load)
            slot.give_back()


def entrance(settings: GatewaySettings) -> Entrance:
    """The entrance as the settings ask for it; level 0 keeps nobody waiting."""
    level = settings.waiting_room_level or maxsize
    tickets = Tickets(settings.cookie_secret.get_secret_value())
    room = WaitingRoom(
        Door(level, settings.waiting_room_seconds),
        Line(settings.waiting_room_patience_minutes * 60),
        Visits(settings.waiting_room_visit_minutes * 60),
        tickets,
    )
    return Entrance(room, Slots(level), tickets)
