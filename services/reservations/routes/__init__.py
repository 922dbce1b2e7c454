"""Reservations over HTTP."""

from uuid import UUID

from services.chassis import audit
from services.chassis.web import Call, delete, get
from services.reservations.asking import PARENTS, asker_of, family_of
from services.reservations.commands.cancel import cancel_reservation
from services.reservations.model.periods import Period
from services.reservations.official_calendar import OFFICIAL
from services.reservations.queries import calendar as families
from services.reservations.routes import absences as absences_routes
from services.reservations.routes import agenda as agenda_routes
from services.reservations.routes import changes as changes_routes
from services.reservations.routes import roll as roll_routes
from services.reservations.routes import town as town_routes
from services.reservations.routes import waiting as waiting_routes
from services.reservations.schemas import (
    Calendar,
    CalendarQuery,
    Cancellation,
    ReservationAnswer,
    Reservations,
    ReservationsQuery,
)

# Two months on one page; a whole school year in one list.
LONGEST_CALENDAR = 62
LONGEST_LIST = 400


async def show_calendar(call: Call, query: CalendarQuery) -> Calendar:
    """A family's calendar: what its children may reserve, and what they hold."""
    period = Period.between(query.from_day, query.to_day, longest=LONGEST_CALENDAR)
    family_id = family_of(call, query.family_id)
    found = await families.calendar(call.connection, family_id, period, query.child, call.now)
    school = call.app[OFFICIAL].current
    days = [
        {"date": day, "label": school.label(day), "entries": found.entries.get(day, ())}
        for day in period.days()
    ]
    # Validated as a whole: entry by entry takes three times as long as the rest of the answer.
    return Calendar.model_validate(
        {
            "from_day": period.first,
            "to_day": period.last,
            "children": found.children,
            "days": days,
        }
    )


async def cancel(call: Call, reservation_id: UUID) -> Cancellation:
    """Give a place back; past the deadline it is still charged."""
    asker = asker_of(call, None)
    charged = await cancel_reservation(call.connection, reservation_id, asker, call.now)
    if asker.by_staff:
        audit.about(call, **await families.whose(call.connection, reservation_id))
    return Cancellation(reservation_id=reservation_id, charged=charged)


async def list_reservations(call: Call, query: ReservationsQuery) -> Reservations:
    """A family's reservations of a period."""
    period = Period.between(query.from_day, query.to_day, longest=LONGEST_LIST)
    rows = await families.reservations(
        call.connection,
        family_of(call, query.family_id),
        period,
        with_cancelled=query.cancelled,
    )
    return Reservations(reservations=[ReservationAnswer(**row) for row in rows])


ENDPOINTS = (
    get("/calendar", show_calendar, allow=PARENTS, summary="Voir le calendrier d’une famille"),
    get(
        "/reservations",
        list_reservations,
        allow=PARENTS,
        summary="Voir les réservations d’une famille",
    ),
    delete(
        "/reservations/{reservation_id}", cancel, allow=PARENTS, summary="Annuler une réservation"
    ),
    *changes_routes.ENDPOINTS,
    *waiting_routes.ENDPOINTS,
    *agenda_routes.ENDPOINTS,
    *roll_routes.ENDPOINTS,
    *absences_routes.ENDPOINTS,
    *town_routes.ENDPOINTS,
)
