"""Bodies of enrolment's requests and answers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.chassis.web import Answer, Body
from services.enrolment.papers_schemas import PaperAnswer

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Text = Annotated[str, StringConstraints(max_length=4000)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
YearLabel = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{4}$")]
WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Age = Annotated[int, Field(ge=0, le=25)]
Weekday = Annotated[int, Field(ge=1, le=7)]


class Told(Answer):
    """An answer read off a value of the model."""

    model_config = ConfigDict(from_attributes=True)


class SchoolYearBody(Body):
    label: YearLabel
    starts_on: date
    ends_on: date


class SchoolYearAnswer(Told):
    label: str
    starts_on: date
    ends_on: date


class SchoolYears(Answer):
    school_years: list[SchoolYearAnswer]


class SchoolBody(Body):
    code: Code
    name: Name
    address: Text = ""


class SchoolAnswer(Told):
    code: str
    name: str
    address: str


class Schools(Answer):
    schools: list[SchoolAnswer]


class RegulationsQuery(Body):
    school_year: YearLabel


class RegulationsBody(Body):
    school_year: YearLabel
    title: Name
    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]


class RegulationsAnswer(Told):
    school_year: str
    version: int
    title: str
    text: str
    published_at: datetime


class ChildAnswer(Answer):
    child_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    school_code: str | None
    school_name: str | None
    school_class: str | None


class Children(Answer):
    children: list[ChildAnswer]


class EnrolmentBody(Body):
    """`family_id` is for the staff, when the child has two homes."""

    child_id: UUID
    activity_id: UUID
    regulations_accepted: bool
    family_id: UUID | None = None


class RefusalBody(Body):
    reason: Annotated[str, StringConstraints(min_length=3, max_length=500)]


class EnrolmentsQuery(Body):
    status: Literal["submitted", "accepted", "refused"] | None = None
    child_id: UUID | None = None
    family_id: UUID | None = None
    activity_id: UUID | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 200


class StepAnswer(Answer):
    at: datetime
    status: str
    note: str | None


class EnrolmentAnswer(Answer):
    enrolment_id: UUID
    version: int
    status: Literal["submitted", "accepted", "refused"]
    child_id: UUID
    child_name: str
    family_id: UUID
    family_label: str
    family_reference: str
    activity_id: UUID
    activity_name: str
    school_year: str
    weekdays: list[int]
    starts_on: date
    ends_on: date
    regulations_version: int | None
    submitted_at: datetime
    decided_at: datetime | None
    reason: str | None
    history: list[StepAnswer]
    # What the activity asks for this child; in lists of enrolments that go on.
    papers: Sequence[PaperAnswer] = ()


class Enrolments(Answer):
    enrolments: list[EnrolmentAnswer]
    total: int
    page: int
    size: int
