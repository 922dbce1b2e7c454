"""Our copy of an activity, and the sessions that its calendar makes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid5

from contracts.events.deadlines import Deadline
from contracts.events.enrolment import (
    AbsenceRule,
    ActivityKind,
    AfterDeadline,
    AgeGroup,
    SessionDays,
    Slot,
)
from services.reservations.model.deadlines import at_paris, deadline, opening, wall_time
from services.reservations.model.periods import Period
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.model.town_calendar import TownCalendar

# What becomes of a wish to reserve after the limit.
LatePolicy = Literal["refuse", "late", "ask"]

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
    slots: tuple[Slot, ...]
    capacity: int
    reserve_rule: Deadline
    cancel_rule: Deadline
    after_deadline: AfterDeadline
    absence_rule: AbsenceRule
    age_groups: tuple[AgeGroup, ...] = ()

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
    """A session as the calendar and the rules make it.

    Families reserve from `reserve_from` (None: at once) until `reserve_until`; then, as
    `late_policy` says, until `late_until`. `closed_reason`: the town closes it, and why.
    """

    session_id: UUID
    day: date
    slot: Slot
    starts_at: datetime
    ends_at: datetime
    capacity: int
    reserve_from: datetime | None
    reserve_until: datetime
    cancel_until: datetime
    late_policy: LatePolicy
    late_until: datetime
    closed_reason: str | None


def plan_sessions(activity: Activity, calendar: TownCalendar) -> list[PlannedSession]:
    """Every session of the activity, ordered by id: the order in which sessions are locked."""
    planned = [
        session
        for day in Period(activity.starts_on, activity.ends_on).days()
        if activity.takes_place_on(day, calendar.official)
        for session in _sessions(activity, day, calendar)
    ]
    return sorted(planned, key=lambda session: session.session_id)


def session_id(activity_id: UUID, day: date, slot: str = "") -> UUID:
    """The same id whenever it is made: links and other services' copies outlive a lost database."""
    return uuid5(activity_id, f"{day}/{slot}" if slot else day.isoformat())


def _sessions(activity: Activity, day: date, calendar: TownCalendar) -> Iterator[PlannedSession]:
    closure, after = calendar.closure_on(day), activity.after_deadline
    for slot in activity.slots:
        starts_at = at_paris(day, wall_time(slot.starts_at))
        until = deadline(activity.reserve_rule, day, starts_at, calendar)
        yield PlannedSession(
            session_id=session_id(activity.activity_id, day, slot.code),
            day=day,
            slot=slot,
            starts_at=starts_at,
            ends_at=at_paris(day, wall_time(slot.ends_at)),
            capacity=activity.capacity if slot.capacity is None else slot.capacity,
            reserve_from=opening(activity.reserve_rule, day, starts_at),
            reserve_until=until,
            cancel_until=deadline(activity.cancel_rule, day, starts_at, calendar),
            late_policy=after.policy,
            late_until=_late_until(after, day, starts_at, until, calendar),
            closed_reason=closure.reason if closure else None,
        )


def _late_until(
    after: AfterDeadline, day: date, starts_at: datetime, until: datetime, calendar: TownCalendar
) -> datetime:
    if after.policy == "refuse":
        return until
    if after.until is None:
        return starts_at
    return max(until, deadline(after.until, day, starts_at, calendar))
