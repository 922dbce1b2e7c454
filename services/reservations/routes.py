"""Reservations over HTTP."""

from uuid import UUID

from contracts.roles import ROLL, STAFF
from services.chassis import audit
from services.chassis.web import Call, delete, get, post
from services.reservations import agenda_routes, changes_routes, town_routes, waiting_routes
from services.reservations.asking import PARENTS, asker_of, family_of
from services.reservations.commands.cancel import cancel_reservation
from services.reservations.commands.take_roll import take_roll
from services.reservations.model.periods import Period
from services.reservations.model.roll import Mark
from services.reservations.official_calendar import OFFICIAL
from services.reservations.queries import calendar as families
from services.reservations.queries import sessions as office
from services.reservations.schemas import (
    Attendance,
    AttendanceBody,
    Calendar,
    CalendarQuery,
    Cancellation,
    EnrolledChild,
    MarkAnswer,
    ReservationAnswer,
    Reservations,
    ReservationsQuery,
    Roster,
    RosterChild,
    SessionAnswer,
    Sessions,
    SessionsQuery,
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


async def list_sessions(call: Call, query: SessionsQuery) -> Sessions:
    """The sessions of a day or a period."""
    first, last = query.day or query.from_day, query.day or query.to_day
    period = Period.between(first, last, longest=LONGEST_CALENDAR)
    rows = await office.sessions(call.connection, period, query.activity_id)
    mine = call.caller.activity_scope
    shown = [row for row in rows if mine is None or row["activity_id"] in mine]
    return Sessions(sessions=[SessionAnswer(**row) for row in shown])


async def show_roster(call: Call, session_id: UUID) -> Roster:
    """The day's list: who is expected, who came, who is enrolled besides."""
    found = await office.roster(call.connection, session_id, call.caller.activity_scope)
    return Roster(
        session=SessionAnswer(**found.session),
        children=[RosterChild(**row) for row in found.children],
        enrolled=[EnrolledChild(**row) for row in found.enrolled],
    )


async def record_attendance(call: Call, session_id: UUID, body: AttendanceBody) -> Attendance:
    """Take the roll, or correct it."""
    lines = await take_roll(
        call.connection,
        session_id,
        [Mark(mark.child_id, mark.state) for mark in body.marks],
        marked_by=call.caller.account_id,
        activities=call.caller.activity_scope,
        now=call.now,
    )
    marks = [MarkAnswer.model_validate(line, from_attributes=True) for line in lines]
    return Attendance(session_id=session_id, marks=marks)


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
    get("/sessions", list_sessions, allow=STAFF),
    get(
        "/sessions/{session_id}/roster",
        show_roster,
        allow=ROLL,
        opens=True,
        summary="Ouvrir la liste d’une séance",
    ),
    post(
        "/sessions/{session_id}/attendance",
        record_attendance,
        allow=ROLL,
        summary="Faire le pointage d’une séance",
    ),
    *agenda_routes.ENDPOINTS,
    *changes_routes.ENDPOINTS,
    *waiting_routes.ENDPOINTS,
    *town_routes.ENDPOINTS,
)
