"""Our copy of an activity, and the sessions that its calendar makes."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from uuid import UUID, uuid5

from services.reservations.model.deadlines import DeadlineRule, at_paris, deadline
from services.reservations.model.periods import Period
from services.reservations.model.school_calendar import SchoolCalendar

ActivityKind = Literal["canteen", "wednesday", "holiday", "morning_care", "evening_care"]
SessionDays = Literal["school_days", "wednesdays", "holidays"]

WEDNESDAY = 3


@dataclass(frozen=True, slots=True)
class Activity:
    """What enrolment last told of an activity, as far as reservations need it."""

    activity_id: UUID
    version: int
    name: str
    kind: ActivityKind
    school_year: str
    place: str
    starts_on: date
    ends_on: date
    days: SessionDays
    weekdays: frozenset[int]
    starts_at: time
    ends_at: time
    capacity: int
    reserve_rule: DeadlineRule
    cancel_rule: DeadlineRule

    def takes_place_on(self, day: date, calendar: SchoolCalendar) -> bool:
        """Whether there is a session on this day."""
        if day.isoweekday() not in self.weekdays:
            return False
        if self.days == "holidays":
            return calendar.is_school_holiday(day)
        wanted = self.days == "school_days" or day.isoweekday() == WEDNESDAY
        return wanted and calendar.has_class(day)


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session as the calendar and the rules make it."""

    session_id: UUID
    day: date
    starts_at: datetime
    ends_at: datetime
    capacity: int
    reserve_until: datetime
    cancel_until: datetime


def plan_sessions(activity: Activity, calendar: SchoolCalendar) -> list[PlannedSession]:
    """Every session of the activity, ordered by id: the order in which sessions are locked."""
    planned = [
        _session(activity, day, calendar)
        for day in Period(activity.starts_on, activity.ends_on).days()
        if activity.takes_place_on(day, calendar)
    ]
    return sorted(planned, key=lambda session: session.session_id)


def session_id(activity_id: UUID, day: date) -> UUID:
    """The same id whenever it is made: links and other services' copies outlive a lost database."""
    return uuid5(activity_id, day.isoformat())


def _session(activity: Activity, day: date, calendar: SchoolCalendar) -> PlannedSession:
    starts_at = at_paris(day, activity.starts_at)
    return PlannedSession(
        session_id=session_id(activity.activity_id, day),
        day=day,
        starts_at=starts_at,
        ends_at=at_paris(day, activity.ends_at),
        capacity=activity.capacity,
        reserve_until=deadline(activity.reserve_rule, day, starts_at, calendar),
        cancel_until=deadline(activity.cancel_rule, day, starts_at, calendar),
    )
