"""Bodies about credit notes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import Field

from services.billing.model.payments import MOST_CENTS
from services.billing.schemas import CreditNoteAnswer
from services.chassis.web import Answer, Body


class CreditedLineBody(Body):
    """What is taken off a line of the invoice, by its position there."""

    position: int = Field(ge=1, le=10_000)
    amount_cents: int = Field(ge=1, le=MOST_CENTS)


class CreditNoteBody(Body):
    """What is taken off which lines, each named once; without lines all that is left of them."""

    reason: str = Field(min_length=3, max_length=300)
    lines: tuple[CreditedLineBody, ...] | None = Field(default=None, min_length=1, max_length=200)


class CreditedLineAnswer(Answer):
    """What was taken off a line."""

    position: int
    child_name: str
    activity_name: str
    period: str
    amount_cents: int


class CreditNoteDetailAnswer(CreditNoteAnswer):
    """A credit note with its invoice and what it takes off it."""

    invoice_id: UUID
    invoice_number: str
    invoice_issued_on: date
    family_id: UUID
    family_reference: str
    lines: Sequence[CreditedLineAnswer]
