"""What reservations tells the rest of the town."""

from typing import Any

from contracts.events.reservations import (
    AbsenceAnswered,
    AttendanceRecorded,
    CancellationCause,
    LateReservationAnswered,
    LateReservationAsked,
    LateReservationWithdrawn,
    Meals,
    MealsOrdered,
    PlaceOffered,
    ReservationCancelled,
    ReservationMade,
    SessionClosed,
    WaitingListJoined,
    WaitingListLeft,
)
from services.reservations.model.absences import Absence
from services.reservations.model.kitchen import Order
from services.reservations.model.late_asks import LateAsk
from services.reservations.model.places import Kept, Reservation
from services.reservations.model.roll import HeldSession, Line
from services.reservations.model.waiting import LeavingCause, Wait


def _place(of: Kept | Reservation | Wait | LateAsk) -> dict[str, Any]:
    """What every event about a child at a session says of it."""
    return {
        "family_id": of.family_id,
        "child_id": of.item.child_id,
        "activity_id": of.activity_id,
        "session_id": of.item.session_id,
        "date": of.day,
    }


def made(kept: Kept) -> ReservationMade:
    """A child is expected at a session."""
    return ReservationMade(
        **_place(kept),
        reservation_id=kept.reservation_id,
        version=kept.version,
        late=kept.late,
    )


def cancelled(
    held: Kept | Reservation, version: int, *, late: bool, cause: CancellationCause = "family"
) -> ReservationCancelled:
    """A child is no longer expected."""
    return ReservationCancelled(
        **_place(held),
        reservation_id=held.reservation_id,
        version=version,
        late=late,
        cause=cause,
    )


def joined_line(wait: Wait) -> WaitingListJoined:
    """A child waits for a place."""
    return WaitingListJoined(
        **_place(wait),
        waiting_id=wait.waiting_id,
        version=wait.version,
    )


def offered(wait: Wait) -> PlaceOffered:
    """A place is held for a child who waits."""
    if wait.answer_until is None:
        raise ValueError("an offer without an end is none")
    return PlaceOffered(**dict(joined_line(wait)), answer_until=wait.answer_until)


def left_line(wait: Wait, cause: LeavingCause) -> WaitingListLeft:
    """A child waits no more."""
    return WaitingListLeft(**dict(joined_line(wait)), cause=cause)


def freed(kept: Kept) -> ReservationCancelled:
    """A child is no longer expected, for the session does not take place."""
    return cancelled(kept, kept.version, late=False, cause="closure")


def closed(session: HeldSession, reason: str) -> SessionClosed:
    """A session does not take place."""
    return SessionClosed(
        activity_id=session.activity_id,
        session_id=session.session_id,
        date=session.day,
        reason=reason,
    )


def asked(ask: LateAsk) -> LateReservationAsked:
    """A family asks for a place after the limit."""
    return LateReservationAsked(
        **_place(ask),
        ask_id=ask.ask_id,
        version=ask.version,
    )


def answered(ask: LateAsk) -> LateReservationAnswered:
    """The staff answered; why they refuse is told to the family, not here."""
    return LateReservationAnswered(
        **_place(ask),
        ask_id=ask.ask_id,
        version=ask.version,
        accepted=ask.state == "accepted",
    )


def ask_withdrawn(ask: LateAsk) -> LateReservationWithdrawn:
    """The family took back what it asked."""
    return LateReservationWithdrawn(**_place(ask), ask_id=ask.ask_id, version=ask.version)


def absence_answered(absence: Absence, *, sessions: int, free: int) -> AbsenceAnswered:
    """An absence is excused or not: on the private topic, for the reason may name the child."""
    return AbsenceAnswered(
        absence_id=absence.absence_id,
        version=absence.version,
        family_id=absence.family_id,
        child_id=absence.child_id,
        first_day=absence.period.first,
        last_day=absence.period.last,
        excused=absence.state == "excused",
        reason=absence.refusal or None,
        sessions=sessions,
        free=free,
    )


def recorded(session: HeldSession, line: Line) -> AttendanceRecorded:
    """What the roll now says of one child."""
    if line.told is None:
        raise ValueError("the line says nothing yet")
    return AttendanceRecorded(
        attendance_id=line.attendance_id,
        version=line.version,
        family_id=line.family_id,
        child_id=line.child_id,
        activity_id=session.activity_id,
        session_id=session.session_id,
        date=session.day,
        reservation_id=line.told.reservation_id,
        state=line.told.state,
        arrived_at=line.told.arrived_at,
        left_at=line.told.left_at,
        late_pickup_minutes=line.told.late_pickup_minutes(session.ends_at),
    )


def ordered(order: Order) -> MealsOrdered:
    """What the kitchen is to cook for a session, by the latest counts."""
    return MealsOrdered(
        order_id=order.order_id,
        version=order.version,
        activity_id=order.session.activity_id,
        session_id=order.session.session_id,
        date=order.session.day,
        place=order.session.place,
        meals=tuple(Meals.model_validate(meal, from_attributes=True) for meal in order.meals),
    )
