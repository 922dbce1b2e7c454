"""School years, schools, activities, the family's children."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from contracts.events.deadlines import NotCounted, WeekdayLimit, Window
from contracts.events.enrolment import AbsenceRule, AgeGroup, Slot, WaitingList
from contracts.roles import GUARDIAN, OFFICE, SIGNED_IN
from gateway.api.edge import Question, ShortText, Weekday, clients, forward
from gateway.overbooking import what_fewer_places_mean
from gateway.readers import (
    Activities,
    Activity,
    EnrolmentChildren,
    School,
    Schools,
    SchoolYear,
    SchoolYears,
)
from services.chassis.endpoints import Body, Call

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
YearLabel = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{4}$")]
WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Age = Annotated[int, Field(ge=0, le=25)]


class SchoolYearBody(Body):
    label: YearLabel
    starts_on: date
    ends_on: date


class SchoolBody(Body):
    code: Code
    name: Name
    address: Annotated[str, StringConstraints(max_length=4000)] = ""


class RuleBody(Body):
    """Until when, by `kind`; fields that the kind does not need are left aside.

    `working_days_before`: `days` before at `at`, those in `not_counted` left out.
    `calendar_days_before`: `days` before at `at`. `hours_before`: `hours` before the start.
    `weekday_before`: `weekday` (1 is Monday) at `at`, `weeks` weeks before. `by_weekday`: one of
    `limits` for each weekday. `month_day`: the `day` of the month `months` before, at `at`.
    `windows`: sessions of each period open and close together. Hours are those of Paris.
    """

    kind: Literal[
        "none",
        "working_days_before",
        "calendar_days_before",
        "hours_before",
        "weekday_before",
        "by_weekday",
        "month_day",
        "windows",
    ]
    days: Annotated[int, Field(ge=0, le=365)] = 0
    at: WallTime = "23:59"
    not_counted: Annotated[tuple[NotCounted, ...], Field(max_length=10)] | None = None
    hours: Annotated[int, Field(ge=1, le=720)] = 48
    weekday: Weekday = 4
    weeks: Annotated[int, Field(ge=0, le=12)] = 1
    limits: Annotated[tuple[WeekdayLimit, ...], Field(max_length=7)] = ()
    day: Annotated[int, Field(ge=1, le=31)] = 20
    months: Annotated[int, Field(ge=0, le=12)] = 1
    windows: Annotated[tuple[Window, ...], Field(max_length=40)] = ()


class AfterDeadlineBody(Body):
    """What becomes of a wish after the limit; `until` ends that too."""

    policy: Literal["refuse", "late", "ask"] = "refuse"
    until: RuleBody | None = None


class ActivityBody(Body):
    """Saved by its code; `starts_on` and `ends_on` are the school year's unless given.

    With one slot only, `starts_at` and `ends_at` may be given in the place of `slots`.
    `fewer_places_confirmed`: although sessions to come have more places reserved than `capacity`.
    """

    code: Code
    name: Name
    kind: Literal["canteen", "wednesday", "holiday", "morning_care", "evening_care"]
    school_year: YearLabel
    place: Name
    description: Annotated[str, StringConstraints(max_length=4000)] = ""
    min_age: Age = 0
    max_age: Age = 25
    starts_on: date | None = None
    ends_on: date | None = None
    days: Literal["school_days", "wednesdays", "holidays"]
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    slots: Annotated[tuple[Slot, ...], Field(max_length=6)] = ()
    starts_at: WallTime | None = None
    ends_at: WallTime | None = None
    capacity: Annotated[int, Field(ge=1, le=10_000)]
    age_groups: Annotated[tuple[AgeGroup, ...], Field(max_length=10)] = ()
    classes: Annotated[tuple[ShortText, ...], Field(max_length=30)] = ()
    reserve_rule: RuleBody
    cancel_rule: RuleBody
    after_deadline: AfterDeadlineBody = AfterDeadlineBody()
    waiting_list: WaitingList = WaitingList()
    absence_rule: AbsenceRule = AbsenceRule()
    document_types: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    fewer_places_confirmed: bool = False


class ActivitiesQuery(Body):
    school_year: YearLabel | None = None


async def _fewer_places(call: Call, body: ActivityBody) -> str:
    return await what_fewer_places_mean(
        clients(call),
        call.today,
        code=body.code,
        school_year=body.school_year,
        capacity=body.capacity,
    )


ENDPOINTS = (
    forward(
        "GET",
        "/activities",
        "list_activities",
        to="enrolment",
        allow=SIGNED_IN,
        query=ActivitiesQuery,
        answer=Activities,
        summary="The activities on offer.",
    ),
    forward(
        "GET",
        "/school-years",
        "list_school_years",
        to="enrolment",
        allow=SIGNED_IN,
        answer=SchoolYears,
        summary="The school years.",
    ),
    forward(
        "GET",
        "/schools",
        "list_schools",
        to="enrolment",
        allow=SIGNED_IN,
        answer=Schools,
        summary="The town's schools.",
    ),
    forward(
        "GET",
        "/children",
        "list_children",
        to="enrolment",
        allow={GUARDIAN},
        answer=EnrolmentChildren,
        summary="The caller's children.",
    ),
    forward(
        "POST",
        "/staff/activities",
        "save_activity",
        to="enrolment",
        at="/activities",
        allow=OFFICE,
        body=ActivityBody,
        answer=Activity,
        question=Question("fewer_places_confirmed", _fewer_places),
        summary="Publish an activity, or its change.",
    ),
    forward(
        "POST",
        "/staff/school-years",
        "save_school_year",
        to="enrolment",
        at="/school-years",
        allow=OFFICE,
        body=SchoolYearBody,
        answer=SchoolYear,
        summary="Open a school year, or correct its dates.",
    ),
    forward(
        "POST",
        "/staff/schools",
        "save_school",
        to="enrolment",
        at="/schools",
        allow=OFFICE,
        body=SchoolBody,
        answer=School,
        summary="Add a school, or correct it.",
    ),
)
