"""Messages sent; for the office letters to print."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field, StringConstraints

from contracts.roles import GUARDIAN, OFFICE
from gateway.api.edge import clients, filed, forward
from gateway.readers import LetterTray, Messages, PrintBatches
from gateway.readers.notifications import Broadcasts, BroadcastSent, MessageText, Reach
from services.chassis.endpoints import Body, Call, get, post

PDF = "application/pdf"


class MessagesQuery(Body):
    family_id: UUID | None = None
    status: Literal["queued", "sent", "failed", "to_print", "printed"] | None = None


class LettersQuery(Body):
    status: Literal["to_print", "printed"] | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 500


class PrintQuery(Body):
    """`kind`: one kind of letters, as the tray counts them; without it, all."""

    kind: Annotated[str, StringConstraints(max_length=40)] | None = None


class AudienceQuery(Body):
    """The families of an activity: those of one day, of one class, or all."""

    activity_id: UUID
    day: date | None = None
    school_class: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None


class BroadcastBody(AudienceQuery):
    """A line of the body is a paragraph."""

    subject: Annotated[str, StringConstraints(min_length=3, max_length=120)]
    body: Annotated[str, StringConstraints(min_length=3, max_length=4000)]


async def read_letter_pdf(call: Call, letter_id: UUID) -> web.StreamResponse:
    """A letter as PDF."""
    return await clients(call).notifications.letter_pdf(letter_id).send(call.request)


async def print_letters(call: Call, query: PrintQuery) -> web.StreamResponse:
    """All waiting letters, or one kind, as one PDF; they count as printed from then on."""
    return await clients(call).notifications.print_letters(query.kind).send(call.request)


async def print_letter(call: Call, letter_id: UUID) -> web.StreamResponse:
    """One letter of the tray as PDF; it counts as printed from then on."""
    return await clients(call).notifications.print_letter(letter_id).send(call.request)


async def read_print_batch_pdf(call: Call, batch_id: UUID) -> web.StreamResponse:
    """A batch once more."""
    return await clients(call).notifications.print_batch_pdf(batch_id).send(call.request)


ENDPOINTS = (
    forward(
        "GET",
        "/messages",
        "list_messages",
        to="notifications",
        allow={GUARDIAN},
        answer=Messages,
        summary="What was sent to the family.",
    ),
    forward(
        "GET",
        "/messages/{message_id}",
        "read_message",
        to="notifications",
        allow={GUARDIAN},
        answer=MessageText,
        summary="What a message said; a code or a link that it held is not shown.",
    ),
    forward(
        "GET",
        "/staff/messages/{message_id}",
        "read_any_message",
        to="notifications",
        at="/messages/{message_id}",
        allow=OFFICE,
        answer=MessageText,
        summary="What a message to a family said.",
    ),
    forward(
        "GET",
        "/staff/messages",
        "list_all_messages",
        to="notifications",
        at="/messages",
        allow=OFFICE,
        query=MessagesQuery,
        answer=Messages,
        summary="What was sent to every family or to one; or what failed.",
    ),
    forward(
        "GET",
        "/staff/broadcasts",
        "list_broadcasts",
        to="notifications",
        at="/broadcasts",
        allow=OFFICE,
        answer=Broadcasts,
        summary="What was written to the families of an activity.",
    ),
    forward(
        "GET",
        "/staff/broadcasts/preview",
        "preview_broadcast",
        to="notifications",
        at="/broadcasts/preview",
        allow=OFFICE,
        query=AudienceQuery,
        answer=Reach,
        summary="How many families a message would come to, and by which way.",
    ),
    forward(
        "POST",
        "/staff/broadcasts",
        "send_broadcast",
        to="notifications",
        at="/broadcasts",
        allow=OFFICE,
        body=BroadcastBody,
        answer=BroadcastSent,
        status=201,
        summary="Write to the families of an activity, of one day or one class of it; each once.",
    ),
    forward(
        "POST",
        "/staff/messages/{message_id}/letter",
        "send_as_letter",
        to="notifications",
        at="/messages/{message_id}/letter",
        allow=OFFICE,
        status=204,
        summary="Put a message that does not get through by mail into the print tray.",
    ),
    forward(
        "GET",
        "/staff/letters",
        "list_letters",
        to="notifications",
        at="/letters",
        allow=OFFICE,
        query=LettersQuery,
        answer=LetterTray,
        summary="The print tray.",
    ),
    filed(post("/staff/letters/print", print_letters, allow=OFFICE), kind=PDF),
    filed(post("/staff/letters/{letter_id}/print", print_letter, allow=OFFICE), kind=PDF),
    forward(
        "POST",
        "/staff/letters/{letter_id}/posted",
        "mark_letter_posted",
        to="notifications",
        at="/letters/{letter_id}/posted",
        allow=OFFICE,
        status=204,
        summary="Take a letter out of the tray that is on its way.",
    ),
    filed(get("/staff/letters/{letter_id}.pdf", read_letter_pdf, allow=OFFICE), kind=PDF),
    forward(
        "GET",
        "/staff/print-batches",
        "list_print_batches",
        to="notifications",
        at="/print-batches",
        allow=OFFICE,
        answer=PrintBatches,
        summary="What was printed, and when.",
    ),
    filed(get("/staff/print-batches/{batch_id}.pdf", read_print_batch_pdf, allow=OFFICE), kind=PDF),
)
