"""Bodies of how children get into activities, and of how places were distributed."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from services.chassis.web import Answer, Body
from services.enrolment.model.admission import Mode, PaperRule, WindowState
from services.enrolment.model.allocation import Outcome, Source
from services.enrolment.model.enrolments import Status
from services.enrolment.schemas import Code, Name, Told, YearLabel

# Far beyond any school year, and within what a database can hold in any time zone.
Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC)),
]
Seed = Annotated[str, StringConstraints(max_length=60)]


class CriterionBody(Body):
    """`source`: how it is known; `per_child`: declared for each child, not once."""

    code: Code
    label: Name
    weight: Annotated[int, Field(ge=1, le=1000)]
    source: Source
    per_child: bool = False
    schools: Annotated[tuple[Code, ...], Field(max_length=50)] = ()


class AdmissionBody(Body):
    """`places`: for the whole year; no limit unless given. See the model for the rest."""

    opens_at: Instant | None = None
    closes_at: Instant | None = None
    mode: Mode = "first_come"
    automatic: bool = False
    places: Annotated[int, Field(ge=0, le=100_000)] | None = None
    papers: PaperRule = "show"
    criteria: Annotated[tuple[CriterionBody, ...], Field(max_length=30)] = ()


class CriterionAnswer(Told):
    code: str
    label: str
    weight: int
    source: Source
    per_child: bool
    schools: list[str]


class AdmissionAnswer(Answer):
    """`left`: places that are left, None without limit. `counts`: requests by their status."""

    activity_id: UUID
    opens_at: datetime | None
    closes_at: datetime | None
    window: WindowState
    mode: Mode
    automatic: bool
    places: int | None
    papers: PaperRule
    criteria: list[CriterionAnswer]
    left: int | None
    counts: dict[Status, int]


class AdmissionsQuery(Body):
    school_year: YearLabel | None = None


class Admissions(Answer):
    admissions: list[AdmissionAnswer]


class AllocationBody(Body):
    """`seed`: what was drawn in public; a new one unless given."""

    activity_id: UUID
    seed: Seed = ""


class AllocationsQuery(Body):
    activity_id: UUID | None = None


class AllocationSummary(Answer):
    allocation_id: UUID
    activity_id: UUID
    activity_name: str
    school_year: str
    seed: str
    places: int
    made_at: datetime
    confirmed_at: datetime | None
    placed: int
    waiting: int


class Allocations(Answer):
    allocations: list[AllocationSummary]


class ReasonAnswer(Answer):
    label: str
    points: int


class AllocationLine(Answer):
    """What one request gets, and why, in the words that its family reads."""

    position: int
    enrolment_id: UUID
    child_id: UUID
    child_name: str
    family_id: UUID
    family_label: str
    submitted_at: datetime | None
    status: Status
    points: int
    draw: str
    outcome: Outcome
    reasons: list[ReasonAnswer]
    explanation: str


class AllocationAnswer(AllocationSummary):
    lines: list[AllocationLine]
