"""Credits and credit notes; for the till payments, corrections and deposit slips."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import DESK, GUARDIAN, TILL
from gateway.api.billing import PDF
from gateway.api.edge import clients, filed, forward
from gateway.readers import Payment
from gateway.readers.till import (
    Cheques,
    Credit,
    CreditNoteIssued,
    Journal,
    Refund,
    Slip,
    Slips,
)
from services.chassis.endpoints import Body, Call, get

Cents = Annotated[int, Field(ge=1, le=10_000_000)]
Reason = Annotated[str, Field(min_length=3, max_length=300)]


class ChequeBody(Body):
    number: Annotated[str, Field(min_length=1, max_length=20)]
    bank: Annotated[str, Field(min_length=1, max_length=60)]
    drawer: Annotated[str, Field(min_length=1, max_length=80)]


class TakingsBody(Body):
    """Money handed over; what the invoices leave of it is an advance.

    transmitted_confirmed: taken even for an invoice that the accountant collects.
    """

    family_id: UUID
    method: Literal["cash", "cheque", "cesu"]
    amount_cents: Cents
    invoice_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    cheque: ChequeBody | None = None
    cesu_number: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    transmitted_confirmed: bool = False


class ReasonBody(Body):
    reason: Reason


class RefundBody(Body):
    family_id: UUID
    amount_cents: Cents
    reason: Reason


class CreditQuery(Body):
    family_id: UUID


class JournalQuery(Body):
    day: date | None = None


class SlipBody(Body):
    payment_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class SlipsQuery(Body):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=200)] = 50


class CreditedLineBody(Body):
    position: Annotated[int, Field(ge=1, le=10_000)]
    amount_cents: Cents


class CreditNoteBody(Body):
    """What is taken off which lines; without lines all that is left of them."""

    reason: Reason
    lines: Annotated[tuple[CreditedLineBody, ...], Field(min_length=1, max_length=200)] | None = (
        None
    )


async def read_slip_pdf(call: Call, slip_id: UUID) -> web.StreamResponse:
    """A deposit slip as PDF."""
    return await clients(call).till.slip_pdf(slip_id).send(call.request)


async def read_credit_note_pdf(call: Call, credit_note_id: UUID) -> web.StreamResponse:
    """A credit note as PDF."""
    return await clients(call).till.credit_note_pdf(credit_note_id).send(call.request)


CREDITS = (
    forward(
        "GET",
        "/credit",
        "read_credit",
        to="billing",
        allow={GUARDIAN},
        answer=Credit,
        summary="What the family has to its credit: it pays the next invoice.",
    ),
    forward(
        "GET",
        "/staff/credit",
        "read_family_credit",
        to="billing",
        at="/credit",
        allow=DESK,
        query=CreditQuery,
        answer=Credit,
        summary="What a family has to its credit.",
    ),
    forward(
        "POST",
        "/staff/refunds",
        "refund_credit",
        to="billing",
        at="/refunds",
        allow=TILL,
        body=RefundBody,
        answer=Refund,
        status=201,
        summary="Pay back what a family has to its credit.",
    ),
    forward(
        "GET",
        "/staff/refunds/{refund_id}",
        "read_refund",
        to="billing",
        at="/refunds/{refund_id}",
        allow=TILL,
        answer=Refund,
        summary="A refund, and why it was undone, if it was.",
    ),
    forward(
        "POST",
        "/staff/refunds/{refund_id}/reversal",
        "reverse_refund",
        to="billing",
        at="/refunds/{refund_id}/reversal",
        allow=TILL,
        body=ReasonBody,
        answer=Refund,
        summary="Undo a refund that the bank sent back, or that was recorded by mistake.",
    ),
    forward(
        "POST",
        "/staff/invoices/{invoice_id}/credit-notes",
        "issue_credit_note",
        to="billing",
        at="/invoices/{invoice_id}/credit-notes",
        allow=TILL,
        body=CreditNoteBody,
        answer=CreditNoteIssued,
        status=201,
        summary="Correct an issued invoice by a credit note, in lines or whole.",
    ),
    filed(
        get("/credit-notes/{credit_note_id}.pdf", read_credit_note_pdf, allow=DESK | {GUARDIAN}),
        kind=PDF,
    ),
)

TAKINGS = (
    forward(
        "POST",
        "/staff/payments",
        "record_payment",
        to="billing",
        at="/till-payments",
        allow=TILL,
        body=TakingsBody,
        answer=Payment,
        status=201,
        summary="Record money handed over at the till.",
    ),
    forward(
        "POST",
        "/staff/payments/{payment_id}/reversal",
        "reverse_payment",
        to="billing",
        at="/payments/{payment_id}/reversal",
        allow=TILL,
        body=ReasonBody,
        answer=Payment,
        summary="Undo a payment recorded at the till.",
    ),
    forward(
        "GET",
        "/staff/till-journal",
        "read_till_journal",
        to="billing",
        at="/till-journal",
        allow=TILL,
        query=JournalQuery,
        answer=Journal,
        summary="What the till took and gave on a day, by means of payment.",
    ),
)

SLIPS = (
    forward(
        "GET",
        "/staff/cheques",
        "list_cheques",
        to="billing",
        at="/cheques",
        allow=TILL,
        answer=Cheques,
        summary="The cheques that wait for a deposit slip.",
    ),
    forward(
        "GET",
        "/staff/cheque-slips",
        "list_cheque_slips",
        to="billing",
        at="/cheque-slips",
        allow=TILL,
        query=SlipsQuery,
        answer=Slips,
        summary="The deposit slips: the open ones, then the newest.",
    ),
    forward(
        "POST",
        "/staff/cheque-slips",
        "make_cheque_slip",
        to="billing",
        at="/cheque-slips",
        allow=TILL,
        body=SlipBody,
        answer=Slip,
        status=201,
        summary="Put cheques on a deposit slip.",
    ),
    filed(get("/staff/cheque-slips/{slip_id}.pdf", read_slip_pdf, allow=TILL), kind=PDF),
    forward(
        "GET",
        "/staff/cheque-slips/{slip_id}",
        "read_cheque_slip",
        to="billing",
        at="/cheque-slips/{slip_id}",
        allow=TILL,
        answer=Slip,
        summary="A deposit slip with its cheques.",
    ),
    forward(
        "DELETE",
        "/staff/cheque-slips/{slip_id}",
        "drop_cheque_slip",
        to="billing",
        at="/cheque-slips/{slip_id}",
        allow=TILL,
        status=204,
        summary="Undo a deposit slip that is still open.",
    ),
    forward(
        "POST",
        "/staff/cheque-slips/{slip_id}/lock",
        "lock_cheque_slip",
        to="billing",
        at="/cheque-slips/{slip_id}/lock",
        allow=TILL,
        answer=Slip,
        summary="Lock a deposit slip: its cheques are at the bank.",
    ),
)

ENDPOINTS = (*CREDITS, *TAKINGS, *SLIPS)
