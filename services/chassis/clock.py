"""The one place that reads the time; everything else is given it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def paris_date(instant: datetime) -> date:
    """The day that an instant falls on in Europe/Paris."""
    return instant.astimezone(PARIS).date()
