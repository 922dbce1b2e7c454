"""Bodies of enrolment's requests and answers."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.chassis.web import Answer, Body

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
