"""The town's calendar and closures, late requests; the official calendar from its file."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.roles import ADMIN, GUARDIAN, OFFICE, STAFF
from gateway.api.edge import ShortText, clients, forward, taking
from gateway.clients.town import MAX_CALENDAR_BYTES
from gateway.readers.agenda import LateRequests as OwnLateRequests
from gateway.readers.town import (
    Closed,
    Closure,
    Closures,
    Consequence,
    LateRequest,
    LateRequests,
    PutIn,
    TownYear,
)
from gateway.transfer import CHUNK, file_too_large
from services.chassis.endpoints import Body, Call, post
from services.chassis.errors import TooLarge


class PeriodQuery(Body):
    """At most 430 days."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]


class ClosureBody(Body):
    """Both days inclusive; without `activity_ids` all activities. Families read `reason`."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    activity_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)] | None = None
    reason: Annotated[str, StringConstraints(min_length=3, max_length=120)]


class LateRequestsQuery(Body):
    state: Literal["pending", "accepted", "refused", "withdrawn"] = "pending"
    since: date | None = None


class LateRefusal(Body):
    reason: Annotated[ShortText, Field(min_length=3)]


async def put_in_calendar(call: Call) -> PutIn:
    """Put in the official school calendar from the ministry's iCalendar file."""
    if (call.request.content_length or 0) > MAX_CALENDAR_BYTES:
        raise TooLarge(file_too_large(MAX_CALENDAR_BYTES))
    content = call.request.content.iter_chunked(CHUNK)
    return await clients(call).town.pour(PutIn, "/school-calendar/ics", content, "text/calendar")


ENDPOINTS = (
    forward(
        "GET",
        "/staff/calendar",
        "read_town_calendar",
        to="reservations",
        at="/school-calendar",
        allow=STAFF,
        query=PeriodQuery,
        answer=TownYear,
        summary="Each day: class, holidays, public holidays, the town's closures.",
    ),
    taking(
        post("/staff/calendar/ics", put_in_calendar, allow={ADMIN}),
        kind="text/calendar",
        schema={"type": "string"},
    ),
    forward(
        "GET",
        "/staff/closures",
        "list_closures",
        to="reservations",
        at="/closures",
        allow=STAFF,
        query=PeriodQuery,
        answer=Closures,
        summary="The town's closures over a period.",
    ),
    forward(
        "POST",
        "/staff/closures/preview",
        "preview_closure",
        to="reservations",
        at="/closures/preview",
        allow=OFFICE,
        body=ClosureBody,
        answer=Consequence,
        summary="How many sessions and reservations a closure would cancel.",
    ),
    forward(
        "POST",
        "/staff/closures",
        "close_activities",
        to="reservations",
        at="/closures",
        allow=OFFICE,
        body=ClosureBody,
        answer=Closed,
        status=201,
        summary="Close activities: reservations are given back without charge.",
    ),
    forward(
        "DELETE",
        "/staff/closures/{closure_id}",
        "lift_closure",
        to="reservations",
        at="/closures/{closure_id}",
        allow=OFFICE,
        answer=Closure,
        summary="Open again; families reserve anew.",
    ),
    forward(
        "GET",
        "/late-requests",
        "list_own_late_requests",
        to="reservations",
        at="/late-requests/own",
        allow={GUARDIAN},
        answer=OwnLateRequests,
        summary="What the family asked of the staff after the limit, and what became of it.",
    ),
    forward(
        "DELETE",
        "/late-requests/{ask_id}",
        "withdraw_late_request",
        to="reservations",
        allow={GUARDIAN},
        status=204,
        summary="Take back what was asked after the limit and is not answered yet.",
    ),
    forward(
        "GET",
        "/staff/late-requests",
        "list_late_requests",
        to="reservations",
        at="/late-requests",
        allow=OFFICE,
        query=LateRequestsQuery,
        answer=LateRequests,
        summary="What families ask for after the limit.",
    ),
    forward(
        "POST",
        "/staff/late-requests/{ask_id}/accept",
        "accept_late_request",
        to="reservations",
        at="/late-requests/{ask_id}/accept",
        allow=OFFICE,
        answer=LateRequest,
        summary="Keep the place that a family asks for after the limit.",
    ),
    forward(
        "POST",
        "/staff/late-requests/{ask_id}/refuse",
        "refuse_late_request",
        to="reservations",
        at="/late-requests/{ask_id}/refuse",
        allow=OFFICE,
        body=LateRefusal,
        answer=LateRequest,
        summary="Refuse it, with the reason that the family reads.",
    ),
)
