"""Until when families may reserve and cancel: a town's rule as data, in Europe/Paris."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from contracts.envelope import Fact

NotCounted = Literal[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "public_holiday",
    "school_holiday",
    "closure",
]


class NoDeadline(Fact):
    """Until the session starts."""

    kind: Literal["none"] = "none"


class WorkingDaysBefore(Fact):
    """`days` days before at `at`; the days in `not_counted` do not count."""

    kind: Literal["working_days_before"] = "working_days_before"
    days: int
    at: str
    not_counted: tuple[NotCounted, ...] = ("saturday", "sunday", "public_holiday")


class CalendarDaysBefore(Fact):
    """`days` days before at `at`, whatever days they are."""

    kind: Literal["calendar_days_before"] = "calendar_days_before"
    days: int
    at: str


class HoursBefore(Fact):
    """`hours` elapsed hours before the session starts."""

    kind: Literal["hours_before"] = "hours_before"
    hours: int


class WeekdayBefore(Fact):
    """This weekday (Monday is 1) of the week `weeks` weeks before the session's, at `at`."""

    kind: Literal["weekday_before"] = "weekday_before"
    weekday: int
    weeks: int = 1
    at: str


class WeekdayLimit(Fact):
    """For sessions on `session_weekday`: `weekday` at `at`, `weeks` weeks before theirs."""

    session_weekday: int
    weekday: int
    weeks: int = 0
    at: str


class ByWeekday(Fact):
    """A limit of its own for each weekday; until the start for those not listed."""

    kind: Literal["by_weekday"] = "by_weekday"
    limits: tuple[WeekdayLimit, ...]


class MonthDay(Fact):
    """The `day` of the month `months` months before the session's, at `at`.

    In a shorter month its last day: 31 is always the last.
    """

    kind: Literal["month_day"] = "month_day"
    day: int
    months: int = 1
    at: str


class Window(Fact):
    """Sessions from `first` to `last`: open from `opens` (at once when None) until `closes`."""

    first: date
    last: date
    opens: datetime | None = None
    closes: datetime


class Windows(Fact):
    """One window a period; sessions that no window holds are not open."""

    kind: Literal["windows"] = "windows"
    windows: tuple[Window, ...]


Deadline = Annotated[
    NoDeadline
    | WorkingDaysBefore
    | CalendarDaysBefore
    | HoursBefore
    | WeekdayBefore
    | ByWeekday
    | MonthDay
    | Windows,
    Field(discriminator="kind"),
]
