"""Reserving and changing places, weekly patterns, waiting lists, and what they would cost."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.roles import DESK, GUARDIAN, OFFICE
from gateway.api.edge import Weekday, forward
from gateway.readers import Estimate, ReservationOutcomes
from gateway.readers.reservations import (
    AcceptedOffer,
    Changes,
    GivenBackList,
    Preview,
    SessionWaiting,
    Waits,
    WaitState,
)
from services.chassis.endpoints import Body

RESERVING = OFFICE | {GUARDIAN}
MOST = 200
Slot = Annotated[str | None, Field(max_length=40)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


class ReservationItem(Body):
    """`waitlist`: wait where there is no place. `other_home`: also on a day of the other home."""

    child_id: UUID
    session_id: UUID
    waitlist: bool = False
    other_home: bool = False


class ReservationsBody(Body):
    """`family_id` is for the office, when a child has two homes; `waitlist` is for all items."""

    family_id: UUID | None = None
    items: Annotated[tuple[ReservationItem, ...], Field(min_length=1, max_length=MOST)]
    waitlist: bool = False


class SwapItem(Body):
    """`cancel` is given back once `reserve` is kept; else nothing changes."""

    cancel: UUID
    reserve: ReservationItem


class ChangesBody(Body):
    """At least one change. Cancellations come first, then exchanges, then reservations."""

    family_id: UUID | None = None
    reserve: Annotated[tuple[ReservationItem, ...], Field(max_length=MOST)] = ()
    cancel: Annotated[tuple[UUID, ...], Field(max_length=MOST)] = ()
    swap: Annotated[tuple[SwapItem, ...], Field(max_length=MOST)] = ()


class PatternLine(Body):
    """`slot`: the code of a part of the day; without it the longest ones are meant."""

    child_id: UUID
    activity_id: UUID
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    slot: Slot = None


class PatternBody(Body):
    """Each of these weekdays over the period: of `lines`, or of the one line in the body itself.

    `weeks` are those of the calendar (ISO); `but_for` days are left out, and so are those in the
    child's other home unless `other_home`.
    """

    family_id: UUID | None = None
    lines: Annotated[tuple[PatternLine, ...], Field(max_length=20)] = ()
    child_id: UUID | None = None
    activity_id: UUID | None = None
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    slot: Slot = None
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]
    weeks: Literal["all", "even", "odd"] = "all"
    but_for: Annotated[tuple[Day, ...], Field(max_length=100)] = ()
    other_home: bool = False
    waitlist: bool = False


class PreviewBody(PatternBody):
    """The same; `cancel` asks what giving back would come to."""

    cancel: bool = False


class WaitingQuery(Body):
    """`ended` adds what is not waited for any more."""

    ended: bool = False
    family_id: UUID | None = None


class PlannedItem(Body):
    """`late`: it would be reserved after the limit."""

    child_id: UUID
    activity_id: UUID
    on: Annotated[Day, Field(alias="date")]
    late: bool = False


class EstimateBody(Body):
    """`family_id` is for the staff."""

    family_id: UUID | None = None
    items: Annotated[tuple[PlannedItem, ...], Field(min_length=1, max_length=400)]


ENDPOINTS = (
    forward(
        "POST",
        "/reservations",
        "reserve",
        to="reservations",
        allow=RESERVING,
        body=ReservationsBody,
        answer=ReservationOutcomes,
        summary="Reserve sessions; each item is confirmed, waitlisted with its rank, or refused.",
    ),
    forward(
        "POST",
        "/changes",
        "change_reservations",
        to="reservations",
        allow=RESERVING,
        body=ChangesBody,
        answer=Changes,
        summary="Cancel, exchange and reserve in one request; each part has its own outcome.",
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
        "POST",
        "/reservations/patterns/preview",
        "preview_pattern",
        to="reservations",
        allow=RESERVING,
        body=PreviewBody,
        answer=Preview,
        summary="What a weekly pattern would do, day by day; changes nothing.",
    ),
    forward(
        "POST",
        "/reservations/patterns/cancel",
        "cancel_pattern",
        to="reservations",
        allow=RESERVING,
        body=PatternBody,
        answer=GivenBackList,
        summary="Give back what the family holds on weekdays over a period.",
    ),
    forward(
        "GET",
        "/waiting",
        "list_waits",
        to="reservations",
        allow=RESERVING,
        query=WaitingQuery,
        answer=Waits,
        summary="What the family waits for, its rank, and the places it is offered.",
    ),
    forward(
        "POST",
        "/waiting/{waiting_id}/accept",
        "accept_offer",
        to="reservations",
        allow=RESERVING,
        answer=AcceptedOffer,
        summary="Take the place that is offered.",
    ),
    forward(
        "POST",
        "/waiting/{waiting_id}/decline",
        "decline_offer",
        to="reservations",
        allow=RESERVING,
        answer=WaitState,
        summary="Leave the place that is offered to the next in line.",
    ),
    forward(
        "DELETE",
        "/waiting/{waiting_id}",
        "leave_waiting_list",
        to="reservations",
        allow=RESERVING,
        answer=WaitState,
        summary="Wait no more.",
    ),
    forward(
        "GET",
        "/staff/sessions/{session_id}/waiting",
        "read_waiting_list",
        to="reservations",
        at="/sessions/{session_id}/waiting",
        allow=OFFICE,
        answer=SessionWaiting,
        summary="Who waits for a session, in order, and the adults its age groups need.",
    ),
    forward(
        "POST",
        "/estimates",
        "estimate",
        to="billing",
        allow=DESK | {GUARDIAN},
        body=EstimateBody,
        answer=Estimate,
        summary="What reservations would cost as things stand, and why.",
    ),
)
