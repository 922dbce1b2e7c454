"""Who is inside: a visit lasts as long as its requests follow each other."""

from collections.abc import Iterable

# Beyond so many the one that has been silent the longest is forgotten: memory stays bounded.
MOST = 100_000


class Visits:
    """Visits by whatever a visitor is known by; each request of a visit renews it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._seen: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def renew(self, marks: Iterable[int], now: float) -> None:
        """These marks are one visitor's, who is inside now."""
        for mark in marks:
            self._seen.pop(mark, None)
            self._seen[mark] = now  # the last to ask is the last to be forgotten
        for _ in range(2):  # two are forgotten for each that comes: the past never piles up
            oldest = next(iter(self._seen), None)
            if oldest is None:
                return
            if self._seen[oldest] + self._seconds >= now and len(self._seen) <= MOST:
                return
            del self._seen[oldest]

    def know(self, marks: Iterable[int], now: float) -> bool:
        """Whether one of these marks is of a visit that goes on."""
        return any(self._seen.get(mark, -self._seconds) + self._seconds > now for mark in marks)
