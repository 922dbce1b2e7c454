"""How long a child was there, in minutes of the local day."""

from datetime import date, datetime
from typing import TypeAlias

from services.chassis.clock import PARIS

HALF_HOUR = 30
DAY_MINUTES = 24 * 60

# From arrival to departure.
Stay: TypeAlias = tuple[int, int]


def half_hours(stay: Stay) -> int:
    """How many half-hours were begun; one at least."""
    arrived, left = stay
    return max(1, -(-(left - arrived) // HALF_HOUR))


def minute_of(clock: str) -> int:
    """16:30 as minutes of the day."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def wall_time(minute: int) -> str:
    """990 as 16:30."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def clock_of(minute: int) -> str:
    """990 as people write it: 16 h 30."""
    return f"{minute // 60}\u00a0h\u00a0{minute % 60:02d}"


def minute_within(instant: datetime | None, day: date) -> int | None:
    """The minutes from the day's beginning to the instant, by the clocks of Europe/Paris."""
    if instant is None:
        return None
    local = instant.astimezone(PARIS)
    return (local.date() - day).days * DAY_MINUTES + local.hour * 60 + local.minute
