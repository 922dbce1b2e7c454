"""When newcomers have to wait: too many requests at once, or answers that take too long."""

# How much each new answer's time counts.
WEIGHT = 0.05
# One answer strays no further than this many times the target: a single export is no crowd.
LARGEST_STRAY = 4.0
# For so long it must have been calm before the door stands open again: it does not flutter.
CALM_SECONDS = 10.0


class Door:
    """Guarded from the moment the load reaches the level until it has been half of it for a while.

    The load is the number of requests that are being answered or wait for it.
    """

    def __init__(self, level: int, target_seconds: float) -> None:
        self._level = level
        self._target = target_seconds
        self._usual = 0.0
        self._busy_until: float | None = None

    def answered(self, seconds: float) -> None:
        """An answer took so long."""
        likely = min(seconds, LARGEST_STRAY * self._target)
        self._usual += WEIGHT * (likely - self._usual)

    def is_guarded(self, load: int, waiting: int, now: float) -> bool:
        """Whether newcomers need a ticket now."""
        if self._is_strained(load):
            self._busy_until = now + CALM_SECONDS
        elif self._busy_until is None:
            return False
        elif waiting or 2 * load >= self._level:
            self._busy_until = now + CALM_SECONDS
        elif now > self._busy_until:
            self._busy_until = None
        return self._busy_until is not None

    def room(self, load: int, called: int) -> int:
        """How many of the line may be called: as many as there is room for, with those on the way.

        Never more are on their way than the machine can serve.
        """
        if self._is_strained(load):
            return 0
        return max(0, min(self._level - load, self._level - called))

    def _is_strained(self, load: int) -> bool:
        # With little going on, slow answers are the fault of something that no line would mend.
        too_slow = self._usual > self._target and 2 * load >= self._level
        return load >= self._level or too_slow
