"""Bodies of requests, applications and their answers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.chassis.web import Answer, Body
from services.enrolment.model.enrolments import Actor, Status
from services.enrolment.schemas import YearLabel
from services.enrolment.schemas.papers import PaperAnswer

Reason = Annotated[str, StringConstraints(min_length=3, max_length=500)]
Note = Annotated[str, StringConstraints(max_length=500)]


class EnrolmentBody(Body):
    """`family_id` is for the staff, when the child has two homes."""

    child_id: UUID
    activity_id: UUID
    regulations_accepted: bool
    family_id: UUID | None = None


class RefusalBody(Body):
    reason: Reason


class ReturnBody(Body):
    """What lacks, as the family reads it."""

    note: Reason


class NoteBody(Body):
    note: Note = ""


class WithdrawalBody(Body):
    """`ends_on`: the child's last day, today unless given; of no matter when it never came in."""

    ends_on: date | None = None
    note: Note = ""


class BulkBody(Body):
    enrolment_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class EnrolmentsQuery(Body):
    status: Status | None = None
    child_id: UUID | None = None
    family_id: UUID | None = None
    activity_id: UUID | None = None
    school_year: YearLabel | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 200


class StepAnswer(Answer):
    """Who took the step: the family, the staff, or the town's own rule."""

    at: datetime
    status: Status
    note: str | None
    actor: Actor


class EnrolmentAnswer(Answer):
    """A request with its history.

    `rank`: how many wait before it, itself included. `left_on`: the last day of a child that was
    in. `explanation`, `seed` and `draw`: what a distribution by criteria said of it.
    """

    enrolment_id: UUID
    version: int
    status: Status
    child_id: UUID
    child_name: str
    birth_date: date | None
    school_class: str | None
    school_name: str | None
    family_id: UUID
    family_label: str
    family_reference: str
    activity_id: UUID
    activity_name: str
    school_year: str
    weekdays: list[int]
    starts_on: date
    ends_on: date
    left_on: date | None
    regulations_version: int | None
    application_id: UUID | None
    together: bool
    declared: list[str]
    submitted_at: datetime | None
    decided_at: datetime | None
    reason: str | None
    rank: int | None
    explanation: str | None
    seed: str | None
    draw: str | None
    history: list[StepAnswer]
    # What the activity asks for this child; in lists of enrolments that go on.
    papers: Sequence[PaperAnswer] = ()


class Enrolments(Answer):
    enrolments: list[EnrolmentAnswer]
    total: int
    page: int
    size: int


class BulkOutcome(Answer):
    enrolment_id: UUID
    outcome: Literal["accepted", "refused"]
    reason: str | None
    detail: str | None


class BulkOutcomes(Answer):
    items: list[BulkOutcome]
