"""How often the same address may ask for something that could be guessed."""

from collections import deque
from datetime import datetime, timedelta

from services.chassis.errors import DomainError


class TooOften(DomainError):
    """The same address has asked too often."""

    slug, status, title = "too-many-requests", 429, "Trop de demandes"


class Rate:
    """So many times within a window for each address; in memory, for one gateway process."""

    # Beyond so many addresses the oldest is forgotten: memory stays bounded under a flood.
    MOST_ADDRESSES = 20_000

    def __init__(self, times: int, window: timedelta) -> None:
        self._times, self._window = times, window
        self._asked: dict[str, deque[datetime]] = {}

    def count(self, address: str, now: datetime) -> None:
        """One more time. Raises TooOften when there were too many within the window."""
        asked = self._asked.pop(address, deque())
        while asked and asked[0] <= now - self._window:
            asked.popleft()
        self._asked[address] = asked  # the last to ask is the last to be forgotten
        if len(self._asked) > self.MOST_ADDRESSES:
            del self._asked[next(iter(self._asked))]
        if len(asked) >= self._times:
            minutes = -(-int((asked[0] + self._window - now).total_seconds()) // 60)
            raise TooOften(f"Réessayez dans {max(1, minutes)} min.")
        asked.append(now)
