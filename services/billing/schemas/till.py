"""Bodies of the till: takings, corrections, deposit slips, credits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.billing.model.payments import MOST_CENTS, Method
from services.chassis.web import Answer, Body

Cents = Annotated[int, Field(ge=1, le=MOST_CENTS)]
Reason = Annotated[str, Field(min_length=3, max_length=300)]


class ChequeBody(Body):
    """What the deposit slip says of a cheque."""

    number: str = Field(min_length=1, max_length=20)
    bank: str = Field(min_length=1, max_length=60)
    drawer: str = Field(min_length=1, max_length=80)


class TakingsBody(Body):
    """Money handed over; what the invoices leave of it is an advance.

    `transmitted_confirmed`: taken even for an invoice that the accountant collects.
    """

    family_id: UUID
    method: Literal["cash", "cheque", "cesu"]
    amount_cents: Cents
    invoice_ids: tuple[UUID, ...] = Field(default=(), max_length=50)
    cheque: ChequeBody | None = None
    cesu_number: str | None = Field(default=None, min_length=1, max_length=40)
    transmitted_confirmed: bool = False


class ReasonBody(Body):
    """Why something is undone."""

    reason: Reason


class RefundBody(Body):
    """What is paid back of a family's credit, and why."""

    family_id: UUID
    amount_cents: Cents
    reason: Reason


class RefundAnswer(Answer):
    """What was paid back, and why it was undone, if it was."""

    refund_id: UUID
    family_id: UUID
    family_label: str
    amount_cents: int
    reason: str
    refunded_at: datetime
    reversed_at: datetime | None
    reversal_reason: str | None


class CreditQuery(Body):
    """Of which family (for the staff; a guardian's own otherwise)."""

    family_id: UUID | None = None


class CreditAnswer(Answer):
    """What a family has to its credit: it pays the next invoice, or is paid back."""

    family_id: UUID
    credit_cents: int


class JournalQuery(Body):
    """The day in Paris; today without one."""

    day: date | None = None


class JournalLine(Answer):
    """What moved money: a payment or a refund, or the reversal of one.

    Below zero: what went out.
    """

    kind: Literal["payment", "reversal", "refund", "refund_reversal"]
    payment_id: UUID | None
    refund_id: UUID | None
    method: Method | Literal["refund"]
    amount_cents: int
    reference: str
    at: datetime
    reason: str
    family_id: UUID
    family_reference: str
    family_label: str


class MethodTotal(Answer):
    """What a means of payment comes to."""

    method: Method | Literal["refund"]
    count: int
    amount_cents: int


class JournalAnswer(Answer):
    """The till's day."""

    day: date
    lines: Sequence[JournalLine]
    totals: Sequence[MethodTotal]
    total_cents: int


class ChequeAnswer(Answer):
    """A cheque that was taken."""

    payment_id: UUID
    number: str
    bank: str
    drawer: str
    amount_cents: int
    reference: str
    received_at: datetime


class ChequesAnswer(Answer):
    """Cheques that wait for a deposit slip."""

    cheques: Sequence[ChequeAnswer]


class SlipBody(Body):
    """Which cheques go to the bank together."""

    payment_ids: tuple[UUID, ...] = Field(min_length=1, max_length=200)


class SlipsQuery(Body):
    """Which part of the list."""

    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=50, ge=1, le=200)


class SlipAnswer(Answer):
    """A deposit slip; without a number while it is open."""

    slip_id: UUID
    number: str | None
    made_at: datetime
    locked_at: datetime | None
    cheques: int
    total_cents: int


class SlipDetailAnswer(SlipAnswer):
    """A deposit slip with its cheques."""

    lines: Sequence[ChequeAnswer]


class SlipsAnswer(Answer):
    """Deposit slips: the open ones, then the newest."""

    slips: Sequence[SlipAnswer]
