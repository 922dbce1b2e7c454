"""Until when a family may reserve or cancel: rules as data, limits as instants."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol, Self

from services.chassis.clock import PARIS

RuleKind = Literal["working_days_before", "none"]

# A year and more of public holidays and weekends fits in it: a rule that walks further is a slip.
MAX_DAYS = 400
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


class WorkingDays(Protocol):
    """What deadlines need to know of the calendar."""

    def is_working_day(self, day: date) -> bool:
        """Whether deadlines count this day."""


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """`days` working days before the session at `at` in Europe/Paris, or until it starts."""

    kind: RuleKind
    days: int = 0
    at: time = time(23, 59)

    def __post_init__(self) -> None:
        if not 0 <= self.days <= MAX_DAYS:
            raise ValueError(f"a deadline {self.days} working days before is no rule of a town")

    @classmethod
    def told(cls, kind: RuleKind, days: int, at: str) -> Self:
        """The rule as it stands in an event. Raises ValueError when `at` is no time of day."""
        return cls(kind, days, wall_time(at))


def wall_time(text: str) -> time:
    """HH:MM as a time of day. Raises ValueError."""
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - wall time has no zone yet


def at_paris(day: date, wall: time) -> datetime:
    """The instant of a wall time in Europe/Paris, in UTC.

    An hour that a clock change repeats means its first time; one that it skips, the hour after.
    """
    return datetime.combine(day, wall, tzinfo=PARIS).astimezone(UTC)


def deadline(rule: DeadlineRule, day: date, starts_at: datetime, calendar: WorkingDays) -> datetime:
    """The last instant at which the rule lets a family act on a session of this day.

    Never after the session's start, whatever the rule says.
    """
    if rule.kind == "none":
        return starts_at
    limit_day = working_days_before(day, rule.days, calendar)
    return min(at_paris(limit_day, rule.at), starts_at)


def working_days_before(day: date, count: int, calendar: WorkingDays) -> date:
    """The day reached by walking back over this many working days; the day itself for none."""
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day


def in_words(instant: datetime) -> str:
    """An instant as a parent reads it: « jeudi 26 novembre à 12:00 »."""
    local = instant.astimezone(PARIS)
    day = "1er" if local.day == 1 else str(local.day)
    weekday, month = WEEKDAYS[local.weekday()], MONTHS[local.month - 1]
    return f"{weekday} {day} {month} à {local:%H:%M}"
