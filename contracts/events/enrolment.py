"""What enrolment tells: activities on offer, and who is enrolled in them."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.envelope import Event, Fact
from contracts.events.deadlines import Deadline

ActivityKind = Literal["canteen", "wednesday", "holiday", "morning_care", "evening_care"]
SessionDays = Literal["school_days", "wednesdays", "holidays"]


class DeadlineRule(Fact):
    """Until when: `days` working days before at `at` (Europe/Paris), or the session's start."""

    kind: Literal["working_days_before", "none"]
    days: int = 0
    at: str = "23:59"


class ActivityPublished(Event, producer="enrolment", key="activity_id"):
    """An activity is on offer, or its description changed; the highest `version` holds.

    `weekdays` are ISO numbers (Monday is 1). Times are HH:MM, Europe/Paris, from the first slot's
    start to the last one's end. A deadline that this version cannot say is told as `none`:
    version 2, sent beside it, says all.
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


class Slot(Fact):
    """A part of the day that is reserved by itself; HH:MM, Europe/Paris.

    An activity with one slot only gives it no code. `capacity` is the activity's unless given.
    """

    code: str = ""
    name: str = ""
    starts_at: str
    ends_at: str
    capacity: int | None = None


class AgeGroup(Fact):
    """Children of these ages (whole years on the session's day, both ends included).

    `capacity`: their places within the session's. `children_per_adult`: how many one adult looks
    after (code de l’action sociale et des familles, R. 227-12 and R. 227-15).
    """

    name: str
    min_age: int
    max_age: int
    capacity: int | None = None
    children_per_adult: int | None = None


class AfterDeadline(Fact):
    """What becomes of a wish to reserve after the limit, as long as the session has not begun.

    `late`: kept, and charged with the tariff's surcharge; `ask`: the staff decide.
    `until` ends that too.
    """

    policy: Literal["refuse", "late", "ask"] = "refuse"
    until: Deadline | None = None


class WaitingList(Fact):
    """How a freed place goes to the next in line: given at once, or offered for some hours.

    Not any more from `notice_hours` before the session on.
    """

    mode: Literal["none", "give", "offer"] = "offer"
    answer_hours: int = 24
    notice_hours: int = 24


class AbsenceRule(Fact):
    """A certificate handed in within so many days excuses an absence, but for its first days.

    `waiting_days` are the first days of an absence that stay charged (délai de carence); none do
    when the certificate is handed in within `prompt_days`, where the town sets them.
    """

    certificate_days: int = 7
    waiting_days: int = 0
    prompt_days: int | None = None


class ActivityPublishedV2(Event, producer="enrolment", key="activity_id", version=2):
    """An activity is on offer, or its description changed; the highest `version` holds.

    `weekdays` are ISO numbers (Monday is 1). Of an activity without `classes` every class may come.
    `capacity`: places in each session of each slot that gives none of its own.
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
    slots: tuple[Slot, ...]
    capacity: int
    age_groups: tuple[AgeGroup, ...] = ()
    classes: tuple[str, ...] = ()
    reserve_rule: Deadline
    cancel_rule: Deadline
    after_deadline: AfterDeadline = AfterDeadline()
    waiting_list: WaitingList = WaitingList()
    absence_rule: AbsenceRule = AbsenceRule()


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


class EnrolmentReturned(Event, producer="enrolment"):
    """The staff ask the family to complete its request; what lacks is told to the family."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    school_year: str


class EnrolmentWaitlisted(Event, producer="enrolment"):
    """There is no place for the child now; the request keeps its rank among those who wait."""

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    school_year: str


class EnrolmentWithdrawn(Event, producer="enrolment"):
    """The child leaves the activity: `ends_on` is its last day there, None when it never came in.

    Reservations after that day are given back.
    """

    enrolment_id: UUID
    version: int
    family_id: UUID
    child_id: UUID
    activity_id: UUID
    school_year: str
    ends_on: date | None = None
