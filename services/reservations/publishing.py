"""What reservations tells the rest of the town."""

from contracts.events.reservations import (
    AttendanceRecorded,
    Meals,
    MealsOrdered,
    ReservationCancelled,
    ReservationMade,
)
from services.reservations.model.kitchen import Order
from services.reservations.model.places import Kept, Reservation
from services.reservations.model.roll import HeldSession, Line


def made(kept: Kept) -> ReservationMade:
    """A child is expected at a session."""
    return ReservationMade(
        reservation_id=kept.reservation_id,
        version=kept.version,
        family_id=kept.family_id,
        child_id=kept.item.child_id,
        activity_id=kept.activity_id,
        session_id=kept.item.session_id,
        date=kept.day,
    )


def cancelled(held: Reservation, version: int, *, late: bool) -> ReservationCancelled:
    """A child is no longer expected."""
    return ReservationCancelled(
        reservation_id=held.reservation_id,
        version=version,
        family_id=held.family_id,
        child_id=held.item.child_id,
        activity_id=held.activity_id,
        session_id=held.item.session_id,
        date=held.day,
        late=late,
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
