"""Bodies of house rules, and of their acceptance."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.chassis.web import Answer, Body
from services.enrolment.schemas import Name, Told, YearLabel


class RegulationsQuery(Body):
    """Those of the school year, or of one activity in it."""

    school_year: YearLabel
    activity_id: UUID | None = None


class RegulationsBody(Body):
    """A new version for the school year, or for one activity in it."""

    school_year: YearLabel
    activity_id: UUID | None = None
    title: Name
    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]


class RegulationsAnswer(Told):
    school_year: str
    activity_id: UUID | None
    version: int
    title: str
    text: str
    published_at: datetime


class OwedRegulationsAnswer(Answer):
    """A text that the family is asked to accept; `accepted_version` is what it accepted before."""

    school_year: str
    activity_id: UUID | None
    activity_name: str | None
    version: int
    title: str
    text: str
    published_at: datetime
    accepted_version: int | None


class OwedRegulations(Answer):
    regulations: list[OwedRegulationsAnswer]


class AcceptanceBody(Body):
    """The version that was read: a newer one published meanwhile is to be read first."""

    school_year: YearLabel
    activity_id: UUID | None = None
    version: Annotated[int, Field(ge=1, le=1_000_000)]


class RegulationsVersion(Answer):
    """One version, and how many families accepted it."""

    school_year: str
    activity_id: UUID | None
    activity_name: str | None
    version: int
    title: str
    text: str
    published_at: datetime
    accepted_by: int


class RegulationsVersions(Answer):
    versions: list[RegulationsVersion]
