"""What becomes of enrolments and places, as messages to the families."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from contracts.events.enrolment import (
    EnrolmentAccepted,
    EnrolmentRefused,
    EnrolmentReturned,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
)
from contracts.events.reservations import (
    AbsenceAnswered,
    LateReservationAnswered,
    PlaceOffered,
    ReservationCancelled,
    ReservationMade,
    SessionClosed,
    WaitingListLeft,
)
from services.chassis.database import Connection
from services.chassis.intake import on, on_row
from services.notifications import commands
from services.notifications.model import ClosedPlace, Draft, Enrolled, Expected, Kind

EnrolmentStep = (
    EnrolmentAccepted
    | EnrolmentRefused
    | EnrolmentReturned
    | EnrolmentWaitlisted
    | EnrolmentWithdrawn
)


async def enrolment_accepted(connection: Connection, event: EnrolmentAccepted) -> None:
    """The family may reserve now."""
    await commands.keep_enrolled(connection, _enrolled(event))
    await _tell(connection, event, "enrolment_accepted", "starts_on", "ends_on")


async def enrolment_refused(connection: Connection, event: EnrolmentRefused) -> None:
    """The family is told, and where to read the reason."""
    await _tell(connection, event, "enrolment_refused")


async def enrolment_returned(connection: Connection, event: EnrolmentReturned) -> None:
    """The family is asked to complete its request."""
    await _tell(connection, event, "enrolment_returned")


async def enrolment_waitlisted(connection: Connection, event: EnrolmentWaitlisted) -> None:
    """The family learns that its request waits for a place."""
    await _tell(connection, event, "enrolment_waitlisted")


async def enrolment_withdrawn(connection: Connection, event: EnrolmentWithdrawn) -> None:
    """The family has it in writing that the child leaves, and from when on."""
    await commands.keep_enrolled(connection, _enrolled(event))
    await _tell(connection, event, "enrolment_withdrawn", "ends_on")


async def _tell(connection: Connection, event: EnrolmentStep, kind: Kind, *facts: str) -> None:
    draft = Draft(
        cause=f"{kind.replace('_', '-')}:{event.enrolment_id}:{event.version}",
        family_id=event.family_id,
        kind=kind,
        concerns=event.enrolment_id,
        facts=event.model_dump(mode="json", include={"child_id", "school_year", *facts}),
        activity_id=event.activity_id,
    )
    await commands.compose(connection, draft)


def _enrolled(event: EnrolmentAccepted | EnrolmentWithdrawn) -> Enrolled:
    return Enrolled(
        enrolment_id=event.enrolment_id,
        version=event.version,
        family_id=event.family_id,
        child_id=event.child_id,
        activity_id=event.activity_id,
        starts_on=event.starts_on if isinstance(event, EnrolmentAccepted) else None,
        ends_on=event.ends_on,
    )


async def place_offered(connection: Connection, event: PlaceOffered) -> None:
    """The family may take the place, until an hour that the message must come before."""
    draft = _of_session(event, "place_offered", event.waiting_id, "answer_until")
    await commands.compose(connection, draft)


# A place that the family gave up itself is no news to it.
LEFT: dict[str, Kind] = {
    "placed": "place_given",
    "unanswered": "place_lapsed",
    "over": "place_lapsed",
}


async def waiting_list_left(connection: Connection, event: WaitingListLeft) -> None:
    """The family has its place, or waits no more without one."""
    if kind := LEFT.get(event.cause):
        await commands.compose(connection, _of_session(event, kind, event.waiting_id, "cause"))


async def late_reservation_answered(connection: Connection, event: LateReservationAnswered) -> None:
    """The family learns what became of its late wish."""
    draft = _of_session(event, "late_reservation_answered", event.ask_id, "accepted")
    await commands.compose(connection, draft)


async def absence_answered(connection: Connection, event: AbsenceAnswered) -> None:
    """The family learns what of an absence goes without charge, or why nothing does."""
    draft = Draft(
        cause=f"absence-answered:{event.absence_id}:{event.version}",
        family_id=event.family_id,
        kind="absence_answered",
        concerns=event.absence_id,
        facts=event.model_dump(mode="json", exclude={"absence_id", "version", "family_id"}),
    )
    await commands.compose(connection, draft)


def _of_session(
    event: PlaceOffered | WaitingListLeft | LateReservationAnswered,
    kind: Kind,
    concerns: UUID,
    *facts: str,
) -> Draft:
    return Draft(
        cause=f"{kind.replace('_', '-')}:{concerns}:{event.version}",
        family_id=event.family_id,
        kind=kind,
        concerns=concerns,
        facts=event.model_dump(mode="json", include={"child_id", "date", *facts}),
        activity_id=event.activity_id,
        expires_at=event.answer_until if isinstance(event, PlaceOffered) else None,
    )


async def places_told(
    connection: Connection, events: Sequence[ReservationMade | ReservationCancelled]
) -> None:
    """Who is expected on that day, and who is no more; when the town closed, families are told."""
    await commands.keep_expected(connection, [_expected(event) for event in events])
    for event in events:
        if isinstance(event, ReservationCancelled) and event.cause == "closure":
            await commands.keep_closed_place(connection, _closed(event))


def _closed(event: ReservationCancelled) -> ClosedPlace:
    place: dict[str, Any] = event.model_dump(
        include={"reservation_id", "version", "family_id", "child_id", "activity_id", "session_id"}
    )
    return ClosedPlace(day=event.date, **place)


def _expected(event: ReservationMade | ReservationCancelled) -> Expected:
    return Expected(
        session_id=event.session_id,
        child_id=event.child_id,
        version=event.version,
        family_id=event.family_id,
        activity_id=event.activity_id,
        day=event.date,
        held=isinstance(event, ReservationMade),
    )


async def session_closed(connection: Connection, event: SessionClosed) -> None:
    """Keep why, for those who are told that their place is gone."""
    await commands.keep_closed_session(connection, event.session_id, event.date, event.reason)


SUBSCRIPTIONS = (
    on(EnrolmentAccepted, enrolment_accepted),
    on(EnrolmentRefused, enrolment_refused),
    on(EnrolmentReturned, enrolment_returned),
    on(EnrolmentWaitlisted, enrolment_waitlisted),
    on(EnrolmentWithdrawn, enrolment_withdrawn),
    on(PlaceOffered, place_offered),
    on(WaitingListLeft, waiting_list_left),
    on(LateReservationAnswered, late_reservation_answered),
    on(AbsenceAnswered, absence_answered),
    on_row(ReservationMade, places_told),
    on_row(ReservationCancelled, places_told),
    on(SessionClosed, session_closed),
)
