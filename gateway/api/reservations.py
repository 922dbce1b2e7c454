"""The calendar, reserving, cancelling; for the staff the sessions."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.roles import GUARDIAN, OFFICE, STAFF
from gateway.api.edge import Weekday, forward
from gateway.readers import (
    Calendar,
    Cancellation,
    ReservationOutcomes,
    Reservations,
    SessionLines,
)
from services.chassis.endpoints import Body

RESERVING = OFFICE | {GUARDIAN}


class PeriodQuery(Body):
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]


class CalendarQuery(PeriodQuery):
    """At most 62 days."""

    child: UUID | None = None


class ReservationItem(Body):
    child_id: UUID
    session_id: UUID


class ReservationsBody(Body):
    """`family_id` is for the office, when a child has two homes."""

    family_id: UUID | None = None
    items: Annotated[tuple[ReservationItem, ...], Field(min_length=1, max_length=200)]


class PatternBody(Body):
    """Each of these weekdays over the period."""

    family_id: UUID | None = None
    child_id: UUID
    activity_id: UUID
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]


class SessionsQuery(Body):
    """One `date`, or a period `from`–`to`."""

    on: Annotated[date | None, Field(alias="date")] = None
    first: Annotated[date | None, Field(alias="from")] = None
    last: Annotated[date | None, Field(alias="to")] = None
    activity_id: UUID | None = None


ENDPOINTS = (
    forward(
        "GET",
        "/calendar",
        "read_calendar",
        to="reservations",
        allow={GUARDIAN},
        query=CalendarQuery,
        answer=Calendar,
        summary="Each day's sessions for the family's enrolled children.",
    ),
    forward(
        "GET",
        "/reservations",
        "list_reservations",
        to="reservations",
        allow={GUARDIAN},
        query=PeriodQuery,
        answer=Reservations,
        summary="The family's reservations.",
    ),
    forward(
        "POST",
        "/reservations",
        "reserve",
        to="reservations",
        allow=RESERVING,
        body=ReservationsBody,
        answer=ReservationOutcomes,
        summary="Reserve sessions; each item is confirmed, or refused with its reason.",
    ),
    forward(
        "POST",
        "/reservations/patterns",
        "reserve_pattern",
        to="reservations",
        allow=RESERVING,
        body=PatternBody,
        answer=ReservationOutcomes,
        summary="Reserve weekdays over a period.",
    ),
    forward(
        "DELETE",
        "/reservations/{reservation_id}",
        "cancel_reservation",
        to="reservations",
        allow=RESERVING,
        answer=Cancellation,
        summary="Cancel; the answer says whether it is charged all the same.",
    ),
    forward(
        "GET",
        "/staff/sessions",
        "list_sessions",
        to="reservations",
        at="/sessions",
        allow=STAFF,
        query=SessionsQuery,
        answer=SessionLines,
        summary="Sessions with their capacity and bookings.",
    ),
)
