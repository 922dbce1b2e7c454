"""Bodies of activities as the staff describe them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter

from contracts.events.deadlines import Deadline, NotCounted
from contracts.events.enrolment import (
    AbsenceRule,
    ActivityKind,
    AfterDeadline,
    AgeGroup,
    SessionDays,
    Slot,
    WaitingList,
)
from services.chassis.clock import PARIS
from services.chassis.errors import FieldError
from services.chassis.web import Answer, Body
from services.enrolment.errors import BadActivity
from services.enrolment.model.offers import Offer
from services.enrolment.schemas import Age, Code, Name, Text, WallTime, Weekday, YearLabel

RULE: Final[TypeAdapter[Deadline]] = TypeAdapter(Deadline)
RuleKind = Literal[
    "none",
    "working_days_before",
    "calendar_days_before",
    "hours_before",
    "weekday_before",
    "by_weekday",
    "month_day",
    "windows",
]
ShortName = Annotated[str, StringConstraints(max_length=60)]
SlotCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,20}$")]
SchoolClass = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Places = Annotated[int, Field(ge=1, le=10_000)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


def _in_paris(instant: datetime) -> datetime:
    """An instant without an offset is one on a clock in Paris."""
    if not 2000 <= instant.year <= 2099:
        raise ValueError("Donnez une date de 2000 à 2099.")
    return instant if instant.tzinfo else instant.replace(tzinfo=PARIS)


Instant = Annotated[
    datetime,
    Field(description="without an offset: Europe/Paris"),
    AfterValidator(_in_paris),
]


class WeekdayLimitBody(Body):
    """For sessions on one weekday: until another one, so many weeks before."""

    session_weekday: Weekday
    weekday: Weekday
    weeks: Annotated[int, Field(ge=0, le=12)] = 0
    at: WallTime


class WindowBody(Body):
    """Sessions from `first` to `last`: open from `opens` (at once when null) until `closes`."""

    first: Day
    last: Day
    opens: Instant | None = None
    closes: Instant


class RuleBody(Body):
    """Until when. `kind` says which of the other fields count; the others are left aside."""

    kind: RuleKind
    days: Annotated[int, Field(ge=0, le=365)] = 0
    at: WallTime = "23:59"
    not_counted: Annotated[tuple[NotCounted, ...], Field(max_length=10)] | None = None
    hours: Annotated[int, Field(ge=1, le=720)] = 48
    weekday: Weekday = 4
    weeks: Annotated[int, Field(ge=0, le=12)] = 1
    limits: Annotated[tuple[WeekdayLimitBody, ...], Field(max_length=7)] = ()
    day: Annotated[int, Field(ge=1, le=31)] = 20
    months: Annotated[int, Field(ge=0, le=12)] = 1
    windows: Annotated[tuple[WindowBody, ...], Field(max_length=40)] = ()

    def rule(self) -> dict[str, Any]:
        """The rule as events tell it, without what its kind leaves aside."""
        values = self.model_dump()
        told = {name: values[name] for name in FIELDS_OF[self.kind] if values[name] is not None}
        return {"kind": self.kind, **told}


# Which fields count in a rule of each kind.
FIELDS_OF: dict[str, tuple[str, ...]] = {
    "none": (),
    "working_days_before": ("days", "at", "not_counted"),
    "calendar_days_before": ("days", "at"),
    "hours_before": ("hours",),
    "weekday_before": ("weekday", "weeks", "at"),
    "by_weekday": ("limits",),
    "month_day": ("day", "months", "at"),
    "windows": ("windows",),
}


class SlotBody(Body):
    """A part of the day that is reserved by itself; only one has neither code nor name."""

    code: SlotCode = ""
    name: ShortName = ""
    starts_at: WallTime
    ends_at: WallTime
    capacity: Places | None = None


class AgeGroupBody(Body):
    """Ages on the session's day, both ends included; places within the activity's."""

    name: Annotated[ShortName, Field(min_length=1)]
    min_age: Age
    max_age: Age
    capacity: Places | None = None
    children_per_adult: Annotated[int, Field(ge=1, le=100)] | None = None


class AfterDeadlineBody(Body):
    """What becomes of a wish after the limit; `until` ends that too."""

    policy: Literal["refuse", "late", "ask"] = "refuse"
    until: RuleBody | None = None


class WaitingListBody(Body):
    """How a freed place goes to the next in line."""

    mode: Literal["none", "give", "offer"] = "offer"
    answer_hours: Annotated[int, Field(ge=1, le=336)] = 24
    notice_hours: Annotated[int, Field(ge=0, le=336)] = 24


class AbsenceRuleBody(Body):
    """Within how many days a certificate excuses, and how many first days stay charged.

    None of them when it is handed in within `prompt_days`.
    """

    certificate_days: Annotated[int, Field(ge=0, le=60)] = 7
    waiting_days: Annotated[int, Field(ge=0, le=10)] = 0
    prompt_days: Annotated[int, Field(ge=0, le=60)] | None = None


class ActivityBody(Body):
    """`starts_on` and `ends_on` are the school year's unless given.

    Of an activity with one slot only, `starts_at` and `ends_at` may be given in the place of
    `slots`. What a body leaves out of the rules after the limit, the waiting list and absences is
    as usual.
    """

    code: Code
    name: Name
    kind: ActivityKind
    school_year: YearLabel
    place: Name
    description: Text = ""
    min_age: Age = 0
    max_age: Age = 25
    starts_on: date | None = None
    ends_on: date | None = None
    days: SessionDays
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    slots: Annotated[tuple[SlotBody, ...], Field(max_length=6)] = ()
    starts_at: WallTime | None = None
    ends_at: WallTime | None = None
    capacity: Places
    age_groups: Annotated[tuple[AgeGroupBody, ...], Field(max_length=10)] = ()
    classes: Annotated[tuple[SchoolClass, ...], Field(max_length=30)] = ()
    reserve_rule: RuleBody
    cancel_rule: RuleBody
    after_deadline: AfterDeadlineBody = AfterDeadlineBody()
    waiting_list: WaitingListBody = WaitingListBody()
    absence_rule: AbsenceRuleBody = AbsenceRuleBody()
    document_types: Annotated[tuple[Code, ...], Field(max_length=20)] = ()

    def offer(self, first_day: date, last_day: date) -> Offer:
        """What is described; the days are those of the school year. Raises BadActivity."""
        values = self.model_dump(exclude={"starts_at", "ends_at", "slots", "weekdays"})
        values["starts_on"] = self.starts_on or first_day
        values["ends_on"] = self.ends_on or last_day
        values["weekdays"] = tuple(sorted(self.weekdays))
        values["slots"] = tuple(Slot(**slot.model_dump()) for slot in self._slots())
        values["age_groups"] = tuple(AgeGroup(**group) for group in values["age_groups"])
        values["reserve_rule"] = RULE.validate_python(self.reserve_rule.rule())
        values["cancel_rule"] = RULE.validate_python(self.cancel_rule.rule())
        values["waiting_list"] = WaitingList(**values["waiting_list"])
        values["absence_rule"] = AbsenceRule(**values["absence_rule"])
        until = self.after_deadline.until
        values["after_deadline"] = AfterDeadline(
            policy=self.after_deadline.policy,
            until=RULE.validate_python(until.rule()) if until else None,
        )
        try:
            return Offer(**values)
        except BadActivity as refusal:
            if self.slots:
                raise
            # Its hours stand in the body itself.
            errors = [
                FieldError(e.field.removeprefix("slots.0."), e.message) for e in refusal.errors
            ]
            raise BadActivity(errors=errors) from None

    def _slots(self) -> Sequence[SlotBody]:
        if self.slots:
            return self.slots
        missing = [
            FieldError(name, "Donnez les horaires, ou des créneaux.")
            for name, hour in (("starts_at", self.starts_at), ("ends_at", self.ends_at))
            if hour is None
        ]
        if self.starts_at is None or self.ends_at is None:
            raise BadActivity(errors=missing)
        return (SlotBody(starts_at=self.starts_at, ends_at=self.ends_at),)


class ActivityAnswer(Answer):
    """`starts_at` and `ends_at`: of the day, over all slots. Rules as events tell them."""

    activity_id: UUID
    version: int
    code: str
    name: str
    kind: ActivityKind
    school_year: str
    place: str
    description: str
    min_age: int
    max_age: int
    starts_on: date
    ends_on: date
    days: SessionDays
    weekdays: list[int]
    slots: list[Slot]
    starts_at: str
    ends_at: str
    capacity: int
    age_groups: list[AgeGroup]
    classes: list[str]
    reserve_rule: Deadline
    cancel_rule: Deadline
    after_deadline: AfterDeadline
    waiting_list: WaitingList
    absence_rule: AbsenceRule
    document_types: list[str]


class ActivitiesQuery(Body):
    school_year: YearLabel | None = None


class Activities(Answer):
    activities: list[ActivityAnswer]
