"""Unpaid invoices for the staff: aged balance, reminders, debts given up, the accountant."""

from datetime import date
from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import Field

from contracts.roles import DESK, TILL
from gateway.api.edge import clients, filed, forward
from gateway.clients.area import TRANSFER
from gateway.readers.treasury import (
    AgedBalance,
    Bordereau,
    Bordereaux,
    OverdueInvoices,
    Reminders,
    ReminderStep,
    SentReminders,
    Transmissible,
    WriteOff,
    WriteOffs,
)
from services.chassis.endpoints import Body, Call, get, put

CSV = "text/csv"
Register = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}$")]


class AgedQuery(Body):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 50


class RemindersBody(Body):
    """Without families: everybody whose day has come."""

    family_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=500)] | None = None


class StepBody(Body):
    days: Annotated[int, Field(ge=1, le=365, description="after the due date")]
    subject: Annotated[str, Field(min_length=3, max_length=120)]
    text: Annotated[str, Field(min_length=10, max_length=2000)]
    automatic: bool = False


class WriteOffBody(Body):
    """Without an amount: all that the invoice asks for."""

    invoice_id: UUID
    amount_cents: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    reason: Annotated[str, Field(min_length=3, max_length=500)]


class PeriodQuery(Body):
    first: date
    last: date


class TransmissibleQuery(Body):
    register_code: Register = "EJ"
    due_by: date | None = None


class BordereauBody(Body):
    """What was due by that day; `debited_on`: the accountant collects by the mandates then."""

    register_code: Register = "EJ"
    due_by: date
    with_papers: bool = False
    debited_on: date | None = None


async def export_bordereau(call: Call, batch_id: UUID) -> web.StreamResponse:
    """A bordereau as the public accountant takes it (PES v2)."""
    return await clients(call).treasury.bordereau_file(batch_id).send(call.request)


async def export_receivables(call: Call) -> web.StreamResponse:
    """The aged balance as CSV."""
    return await clients(call).treasury.receivables_csv().send(call.request)


async def export_books(call: Call, query: PeriodQuery) -> web.StreamResponse:
    """The books of a period as CSV, one line an entry."""
    return await clients(call).treasury.books_csv(query.first, query.last).send(call.request)


async def change_reminder_step(
    call: Call, step: Annotated[int, Field(ge=1, le=3)], body: StepBody
) -> ReminderStep:
    """Change when and in what words a step, from 1 to 3, reminds."""
    return await clients(call).treasury.change_reminder_step(
        step,
        days=body.days,
        subject=body.subject,
        text=body.text,
        automatic=body.automatic,
    )


ENDPOINTS = (
    forward(
        "GET",
        "/staff/receivables",
        "read_aged_balance",
        to="billing",
        at="/receivables",
        allow=DESK,
        query=AgedQuery,
        answer=AgedBalance,
        summary="What families owe, by the age of the debt.",
    ),
    filed(get("/staff/exports/receivables.csv", export_receivables, allow=TILL), kind=CSV),
    filed(get("/staff/exports/books.csv", export_books, allow=TILL), kind=CSV),
    forward(
        "GET",
        "/staff/families/{family_id}/receivables",
        "list_overdue_invoices",
        to="billing",
        at="/families/{family_id}/receivables",
        allow=DESK,
        answer=OverdueInvoices,
        summary="What one family still has to pay, and its last reminders.",
    ),
    forward(
        "GET",
        "/staff/reminders",
        "list_reminders",
        to="billing",
        at="/reminders",
        allow=DESK,
        answer=Reminders,
        summary="The steps of the reminders, and what is due today.",
    ),
    forward(
        "POST",
        "/staff/reminders",
        "send_reminders",
        to="billing",
        at="/reminders",
        allow=TILL,
        body=RemindersBody,
        answer=SentReminders,
        deadline=TRANSFER,
        summary="Remind the families that have not paid; a step of an invoice goes out once.",
    ),
    put("/staff/reminders/{step}", change_reminder_step, allow=TILL),
    forward(
        "GET",
        "/staff/write-offs",
        "list_write_offs",
        to="billing",
        at="/write-offs",
        allow=DESK,
        answer=WriteOffs,
        summary="Debts given up, newest first.",
    ),
    forward(
        "POST",
        "/staff/write-offs",
        "write_off",
        to="billing",
        at="/write-offs",
        allow=TILL,
        body=WriteOffBody,
        answer=WriteOff,
        status=201,
        summary="Give up what an invoice still asks for.",
    ),
    forward(
        "POST",
        "/staff/write-offs/{write_off_id}/reversal",
        "reverse_write_off",
        to="billing",
        at="/write-offs/{write_off_id}/reversal",
        allow=TILL,
        answer=WriteOff,
        summary="Ask after all for a debt that was given up.",
    ),
    forward(
        "GET",
        "/staff/bordereaux",
        "list_bordereaux",
        to="billing",
        at="/bordereaux",
        allow=DESK,
        answer=Bordereaux,
        summary="What the public accountant was sent, newest first.",
    ),
    forward(
        "GET",
        "/staff/bordereaux/candidates",
        "read_transmissible",
        to="billing",
        at="/bordereaux/candidates",
        allow=TILL,
        query=TransmissibleQuery,
        answer=Transmissible,
        summary="How many unpaid invoices can be handed to the accountant.",
    ),
    forward(
        "POST",
        "/staff/bordereaux",
        "send_to_accountant",
        to="billing",
        at="/bordereaux",
        allow=TILL,
        body=BordereauBody,
        answer=Bordereau,
        status=201,
        deadline=TRANSFER,
        summary="Hand unpaid invoices to the public accountant, who collects them from now on.",
    ),
    filed(
        get("/staff/exports/bordereaux/{batch_id}", export_bordereau, allow=TILL),
        kind="application/xml",
    ),
)
