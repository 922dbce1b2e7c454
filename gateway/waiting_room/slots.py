"""Requests at work: no more at once than the machine can serve, the others in order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Be served; the slot is given on after `LONGEST_SECONDS` at the latest."""
        if self._taken < self._count:
            self._taken += 1
        else:
            await self._turn()
        held = _Held(self)
        timer = asyncio.get_running_loop().call_later(LONGEST_SECONDS, held.give_back)
        try:
            yield
        finally:
            timer.cancel()
            held.give_back()

    def give_back(self) -> None:
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
                self.give_back()  # it was given just as its taker left
            raise


class _Held:
    """One slot, given back once."""

    __slots__ = ("_slots",)

    def __init__(self, slots: Slots) -> None:
        self._slots: Slots | None = slots

    def give_back(self) -> None:
        if self._slots:
            slots, self._slots = self._slots, None
            slots.give_back()
