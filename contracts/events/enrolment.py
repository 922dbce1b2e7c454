"""What enrolment tells: activities on offer, and who is enrolled in them."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.envelope import Event, Fact

ActivityKind = Literal["canteen", "wednesday", "holiday", "morning_care", "evening_care"]
SessionDays = Literal["school_days", "wednesdays", "holidays"]


class DeadlineRule(Fact):
    """Until when: `days` working days before at `at` (Europe/Paris), or the session's start."""

    kind: Literal["working_days_before", "none"]
    days: int = 0
    at: str = "23:59"


class ActivityPublished(Event, producer="enrolment", key="activity_id"):
    """An activity is on offer, or its description changed; the highest `version` holds.

    `weekdays` are ISO numbers (Monday is 1). Times are HH:MM, Europe/Paris.
    """

    activity_id: UUID
    version: int
    name: str
    kind: ActivityKind
    school_year: str
    place: str
    starts_on: date
    ends_on: date
    days: SessionDays
    weekdays: tuple[int, ...]
    starts_at: str
    ends_at: str
    capacity: int
    reserve_rule: DeadlineRule
    cancel_rule: DeadlineRule


class EnrolmentRequested(Event, producer="enrolment"):
    """A family asks to enrol a child in an activity for a school year."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    school_year: str


class EnrolmentAccepted(Event, producer="enrolment"):
    """A child may reserve sessions of the activity, from and to these days inclusive."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    school_year: str
    starts_on: date
    ends_on: date


class EnrolmentRefused(Event, producer="enrolment"):
    """The staff refused an enrolment; the reason is told to the family, not here."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    school_year: str
