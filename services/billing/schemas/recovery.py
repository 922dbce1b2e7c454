"""Bodies about unpaid invoices, reminders and debts given up."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.billing.model.recovery import STEPS
from services.chassis.web import Answer, Body

StepNumber = Annotated[int, Field(ge=1, le=STEPS)]


class AgedQuery(Body):
    """One page of families."""

    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=50, ge=1, le=500)


class AgesAnswer(Answer):
    """Cents owed: not due yet, overdue by 1 to 30, 31 to 60, 61 to 90, more than 90 days."""

    not_due: int
    first: int
    second: int
    third: int
    fourth: int
    overdue: int
    total: int


class AgedFamilyAnswer(AgesAnswer):
    """What one family owes, by age."""

    family_id: UUID
    family_label: str
    family_reference: str


class AgedTotalsAnswer(AgesAnswer):
    """What all families owe, by age."""

    families: int
    overdue_families: int


class AgedAnswer(Answer):
    """The aged balance as it stands today, the largest overdue first."""

    on: date
    families: Sequence[AgedFamilyAnswer]
    totals: AgedTotalsAnswer
    page: int
    size: int


class OverdueAnswer(Answer):
    """An invoice that is not paid, and its last reminder; last_step 0: none."""

    invoice_id: UUID
    number: str
    family_id: UUID
    family_label: str
    due_on: date
    amount_cents: int
    last_step: int
    reminded_at: datetime | None


class OverduesAnswer(Answer):
    """What one family still has to pay, the oldest first."""

    invoices: Sequence[OverdueAnswer]


class StepBody(Body):
    """When, in days after the due date, and in what words a step reminds.

    `automatic`: it goes out by itself each day.
    """

    days: int = Field(ge=1, le=365)
    subject: str = Field(min_length=3, max_length=120)
    text: str = Field(min_length=10, max_length=2000)
    automatic: bool = False


class StepAnswer(Answer):
    """A step of the reminders."""

    step: StepNumber
    days: int
    subject: str
    text: str
    automatic: bool


class DueAnswer(Answer):
    """What would go out today at one step; `letters`: to families without a mail address."""

    step: int
    families: int
    letters: int
    invoices: int
    amount_cents: int


class RemindersAnswer(Answer):
    """The steps, and what is due today."""

    steps: Sequence[StepAnswer]
    due: Sequence[DueAnswer]


class RemindersBody(Body):
    """Whom to remind; without families everybody whose day has come."""

    family_ids: tuple[UUID, ...] | None = Field(default=None, min_length=1, max_length=500)


class SentAnswer(Answer):
    """How many reminders went out, of how many invoices, for how much."""

    reminders: int
    invoices: int
    amount_cents: int


class WriteOffBody(Body):
    """Which debt is given up, and why; without an amount all that the invoice asks for."""

    invoice_id: UUID
    amount_cents: int | None = Field(default=None, ge=1, le=100_000_000)
    reason: str = Field(min_length=3, max_length=500)


class WriteOffAnswer(Answer):
    """A debt given up."""

    write_off_id: UUID
    invoice_id: UUID
    number: str
    family_id: UUID
    family_label: str
    amount_cents: int
    reason: str
    decided_at: datetime
    reversed_at: datetime | None


class WriteOffsAnswer(Answer):
    """Debts given up, newest first."""

    write_offs: Sequence[WriteOffAnswer]
