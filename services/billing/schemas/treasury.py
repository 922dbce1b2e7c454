"""Bodies about what the town's accounts and the treasury are sent."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.chassis.web import Answer, Body

Register = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}$")]

LONGEST_DAYS = 366


class PeriodQuery(Body):
    """From the first day to the last, both counted; a year at most."""

    first: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
    last: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]

    @model_validator(mode="after")
    def _is_a_period(self) -> Self:
        if not 0 <= (self.last - self.first).days <= LONGEST_DAYS:
            raise ValueError("Le dernier jour suit le premier, d’un an au plus.")
        return self


class TransmissibleQuery(Body):
    """Of which register, due by which day; by default today."""

    register_code: Register = "EJ"
    due_by: date | None = None


class TransmissibleAnswer(Answer):
    """What can be handed over; with_mandate: of families whose account may be debited."""

    due_by: date
    invoices: int
    with_mandate: int
    total_cents: int
    registers: Sequence[str]


class BordereauBody(Body):
    """What was due by that day; `debited_on`: the accountant collects by the mandates then."""

    register_code: Register = "EJ"
    due_by: date
    with_papers: bool = False
    debited_on: date | None = None


class BordereauAnswer(Answer):
    """What the accountant was sent at one time; numbered without a gap in each fiscal year."""

    batch_id: UUID
    fiscal_year: int
    number: int
    register_code: str = Field(validation_alias="register")
    filename: str
    created_at: datetime
    pieces: int
    total_cents: int
    with_papers: bool
    debited_on: date | None


class BordereauxAnswer(Answer):
    """The bordereaux, newest first."""

    bordereaux: Sequence[BordereauAnswer]
