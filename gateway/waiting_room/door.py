"""When newcomers have to wait: more is asked at once than can be answered in good time."""

# A slow answer takes so much off the limit; quick ones give it back bit by bit.
BACKING_OFF = 0.9
# However slow everything is, so large a part of the level is always tried.
LEAST_SHARE = 8
# For so long it must have been calm before the door stands open again: it does not flutter.
CALM_SECONDS = 10.0


class Door:
    """Guarded from the moment the load reaches the limit until it has been half of it for a while.

    The load is the number of requests that are being answered or wait for it. The limit is the
    level, or less while answers take longer than the target.
    """

    def __init__(self, level: int, target_seconds: float) -> None:
        self._level = level
        self._target = target_seconds
        self._limit = float(level)
        self._busy_until: float | None = None

    def answered(self, seconds: float, load: int) -> None:
        """An answer took so long, under this load."""
        if seconds <= self._target:
            self._limit = min(self._level, self._limit + 1 / self._limit)
        elif 2 * load >= self._limit:
            # With little going on it is the fault of something that no line would mend.
            self._limit = max(1, self._level / LEAST_SHARE, self._limit * BACKING_OFF)

    def is_guarded(self, load: int, waiting: int, now: float) -> bool:
        """Whether newcomers need a ticket now."""
        if load >= self._limit:
            self._busy_until = now + CALM_SECONDS
        elif self._busy_until is None:
            return False
        elif waiting or 2 * load >= self._limit:
            self._busy_until = now + CALM_SECONDS
        elif now > self._busy_until:
            self._busy_until = None
        return self._busy_until is not None

    def room(self, load: int, called: int) -> int:
        """How many of the line may be called now.

        As many as there is room for; and never are more on their way than can be served.
        """
        return max(0, int(self._limit) - max(load, called))
