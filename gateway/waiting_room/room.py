"""The waiting room as a whole: who may go in now, and what the others are told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.waiting_room.door import Door
from gateway.waiting_room.line import Line
from gateway.waiting_room.tickets import Tickets
from gateway.waiting_room.visits import Visits

# Those further back come back more rarely: a long line of them must cost nothing itself.
LATEST_RETURN = 30
RETURNS = 4


@dataclass(frozen=True, slots=True)
class Inside:
    """May go in. `ticket`: by which they are known from now on, when they came by the line."""

    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Has this place in the line, for about `seconds`; should ask again in `come_back`."""

    ticket: int
    place: int
    seconds: int
    come_back: int


INSIDE: Final = Inside()


class WaitingRoom:
    """First come, first served. Whoever is inside stays so for the length of the visit."""

    def __init__(self, door: Door, line: Line, visits: Visits, tickets: Tickets) -> None:
        self._door = door
        self._line = line
        self._visits = visits
        self._tickets = tickets

    def answered(self, seconds: float, load: int) -> None:
        """An answer took so long, under this load."""
        self._door.answered(seconds, load)

    def welcome(self, marks: Sequence[int], now: float) -> None:
        """Whoever is known by these marks is inside."""
        self._visits.renew(marks, now)

    def ask(
        self, marks: Sequence[int], ticket: str, *, load: int, soonest: int, now: float
    ) -> Inside | Waiting:
        """May the visitor with these marks, and this ticket if any, go in under this load?

        Nobody is told to come back before `soonest` seconds.
        """
        number = self._tickets.read(ticket, now) if ticket else None
        known = marks if number is None else (*marks, number)
        is_guarded = self._door.is_guarded(load, self._line.waiting + self._line.called, now)
        if not is_guarded or self._visits.know(known, now):
            self._visits.renew(known, now)
            return INSIDE
        return self._in_turn(marks, number, load=load, soonest=soonest, now=now)

    def _in_turn(
        self, marks: Sequence[int], number: int | None, *, load: int, soonest: int, now: float
    ) -> Inside | Waiting:
        if number is None or not self._line.join(number, now):
            number = self._tickets.next(now)
            self._line.join(number, now)
        self._line.call(self._door.room(load, self._line.called), now)
        if self._line.enter(number):
            self._visits.renew((*marks, number), now)
            return Inside(number)
        place = self._line.place(number)
        seconds = math.ceil(self._line.wait(place, now))
        come_back = max(soonest, min(LATEST_RETURN, seconds // RETURNS))
        self._line.expect(number, now + come_back)
        return Waiting(number, place, seconds, come_back)
