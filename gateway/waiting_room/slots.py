"""Requests at work: no more at once than the machine can serve, the others in order."""

import asyncio
from collections import deque

# Whoever takes longer waits for something else, a slow line or a stopped service: not for us.
LONGEST_SECONDS = 5.0


class Slots:
    """So many at once; who finds none free waits, and is served in the order of coming."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def load(self) -> int:
        """How many are served or wait to be."""
        return self._taken + len(self._waiting)

    async def take(self) -> "Slot":
        """A slot, when there is one; it is given on after `LONGEST_SECONDS` at the latest."""
        if self._taken < self._count:
            self._taken += 1
        else:
            await self._turn()
        return Slot(self)

    def pass_on(self) -> None:
        """The next in order has the slot; without one it is free."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._taken -= 1

    async def _turn(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.pass_on()  # it was given just as its taker left
            raise


class Slot:
    """One request's slot, given back once."""

    __slots__ = ("_slots", "_timer")

    def __init__(self, slots: Slots) -> None:
        self._slots: Slots | None = slots
        self._timer = asyncio.get_running_loop().call_later(LONGEST_SECONDS, self.give_back)

    def give_back(self) -> None:
        """It is the next one's, unless it was already."""
        if self._slots is not None:
            self._timer.cancel()
            self._slots.pass_on()
            self._slots = None
