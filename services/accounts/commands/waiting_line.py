"""The line before the processes that check passwords: past a bearable wait it is closed."""

import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from services.accounts.errors import TooBusy

# A first guess, until the first checks have been timed.
USUAL_SECONDS = 0.1
# How much each new timing counts, and how far one may stray: the first one waits for the
# processes to start, which says nothing of those that follow.
WEIGHT = 0.2
LARGEST_STRAY = 3.0
# So few are never sent away, however slow the machine is: they would not form a line elsewhere.
ALWAYS_LET_IN = 16


class WaitingLine:
    """Lets in as many as can be served in time; the others are told when to come back.

    Without it a storm of sign-ins would make everybody wait until nobody is served.
    """

    def __init__(
        self, longest_wait: float, places: int, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._longest_wait = longest_wait
        self._places = places
        self._clock = clock
        self._inside = 0
        self._seconds = USUAL_SECONDS

    @property
    def expected_wait(self) -> float:
        """How long whoever comes now would wait, in seconds."""
        return max(0, self._inside - self._places + 1) * self._seconds / self._places

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the line. Raises TooBusy."""
        wait = self.expected_wait
        if self._inside >= ALWAYS_LET_IN and wait > self._longest_wait:
            raise TooBusy("Réessayez dans quelques instants.", retry_after=math.ceil(wait))
        self._inside += 1
        together = max(self._inside, self._places)
        started = self._clock()
        try:
            yield
        finally:
            self._inside -= 1
            taken = (self._clock() - started) * self._places / together
            likely = min(taken, LARGEST_STRAY * self._seconds)
            self._seconds += WEIGHT * (likely - self._seconds)
