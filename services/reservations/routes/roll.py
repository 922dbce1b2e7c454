"""Sessions, rosters, the roll and the kitchen over HTTP."""

from datetime import time
from uuid import UUID, uuid4

from contracts.roles import ROLL, STAFF
from services.chassis.web import Call, get, post
from services.reservations.commands.take_roll import take_roll
from services.reservations.errors import OtherAccount
from services.reservations.model.kitchen import Meal, order_instant
from services.reservations.model.periods import Period
from services.reservations.model.roll import Answered, Hour, Mark, believed
from services.reservations.model.rosters import Choice, expected, staffing
from services.reservations.model.town_calendar import TownCalendar
from services.reservations.official_calendar import OFFICIAL
from services.reservations.queries import sessions as office
from services.reservations.repository import kitchen as meals
from services.reservations.schemas.roll import (
    Attendance,
    AttendanceBody,
    AttendanceLine,
    EnrolledChild,
    Kitchen,
    KitchenQuery,
    KitchenSession,
    MarkAnswer,
    MarkBody,
    MealAnswer,
    OrderAnswer,
    Roll,
    Roster,
    RosterChild,
    RosterQuery,
    SessionAnswer,
    Sessions,
    SessionsQuery,
    StaffingAnswer,
)
from services.reservations.settings import KITCHEN_ORDER_AT

# Two months on one page.
LONGEST_LIST = 62


async def list_sessions(call: Call, query: SessionsQuery) -> Sessions:
    """The sessions of a day or a period."""
    first, last = query.day or query.from_day, query.day or query.to_day
    period = Period.between(first, last, longest=LONGEST_LIST)
    rows = await office.sessions(call.connection, period, query.activity_id)
    mine = call.caller.activity_scope
    shown = [row for row in rows if mine is None or row["activity_id"] in mine]
    return Sessions(sessions=[SessionAnswer(**row) for row in shown])


async def show_roster(call: Call, session_id: UUID, query: RosterQuery) -> Roster:
    """The day's list: who is expected, who came, who is enrolled besides."""
    found = await office.roster(call.connection, session_id, call.caller.activity_scope)
    choice = Choice(**query.model_dump())
    everyone = [*found.children, *found.enrolled]
    ages = [child["age"] for child in found.children if expected(child)]
    return Roster(
        session=SessionAnswer(**found.session),
        staffing=[
            StaffingAnswer(name=line.name, expected=line.expected, adults=line.adults)
            for line in staffing(ages, found.age_groups)
        ],
        school_codes=sorted({c["school_code"] for c in everyone if c["school_code"]}),
        classes=sorted({c["school_class"] for c in everyone if c["school_class"]}),
        children=[RosterChild(**row) for row in choice.of(found.children)],
        enrolled=[EnrolledChild(**row) for row in choice.of(found.enrolled)],
    )


async def show_attendance(call: Call, session_id: UUID) -> Roll:
    """What the roll says, and every mark that was taken."""
    rows = await office.attendance(call.connection, session_id, call.caller.activity_scope)
    return Roll(session_id=session_id, lines=[AttendanceLine(**row) for row in rows])


async def record_attendance(call: Call, session_id: UUID, body: AttendanceBody) -> Attendance:
    """Take the roll, or correct it."""
    if body.account_id not in (None, call.caller.account_id):
        raise OtherAccount
    marks = [_mark(call, body, mark) for mark in body.marks]
    answers = await take_roll(
        call.connection,
        session_id,
        marks,
        unnumbered={
            taken.mark_id
            for taken, mark in zip(marks, body.marks, strict=True)
            if mark.mark_id is None
        },
        activities=call.caller.activity_scope,
        now=call.now,
    )
    return Attendance(session_id=session_id, marks=[_mark_answer(answer) for answer in answers])


async def show_kitchen(call: Call, query: KitchenQuery) -> Kitchen:
    """The meals of a period: as counted now, and as ordered."""
    period = Period.between(query.from_day, query.to_day, longest=LONGEST_LIST)
    served = await meals.served(call.connection, period)
    calendar = await meals.calendar(call.connection, call.app[OFFICIAL].current)
    at = call.app[KITCHEN_ORDER_AT]
    return Kitchen(
        from_day=period.first,
        to_day=period.last,
        sessions=[_kitchen_session(one, at, calendar) for one in served],
    )


def _mark(call: Call, body: AttendanceBody, mark: MarkBody) -> Mark:
    said = mark.model_fields_set
    return Mark(
        child_id=mark.child_id,
        state=mark.state,
        taken_at=believed(mark.taken_at, body.sent_at, call.now)
        if mark.mark_id and mark.taken_at
        else call.now,
        mark_id=mark.mark_id or uuid4(),
        arrival=Hour(mark.arrived_at) if "arrived_at" in said else None,
        departure=Hour(mark.left_at) if "left_at" in said else None,
        taken_by=call.caller.account_id,
        device=body.device,
    )


def _mark_answer(answer: Answered) -> MarkAnswer:
    line = answer.line
    told = line.told if line else None
    return MarkAnswer(
        child_id=answer.mark.child_id,
        mark_id=answer.mark.mark_id,
        outcome=answer.outcome,
        reason=answer.reason,
        state=told.state if told else None,
        arrived_at=told.arrived_at if told else None,
        left_at=told.left_at if told else None,
        attendance_id=line.attendance_id if line and told else None,
        version=line.version if line else 0,
    )


def _kitchen_session(served: meals.Served, at: time, calendar: TownCalendar) -> KitchenSession:
    session = served.session
    told = served.told
    return KitchenSession(
        session_id=session.session_id,
        activity_id=session.activity_id,
        activity_name=served.activity_name,
        kind=served.kind,
        place=session.place,
        date=session.day,
        starts_at=session.starts_at,
        order_at=order_instant(session.day, at, calendar),
        meals=_meals(session.meals),
        order=told
        and OrderAnswer(
            order_id=told.order.order_id,
            version=told.order.version,
            ordered_at=told.ordered_at,
            told_at=told.told_at,
            first_meals=_meals(told.first_meals),
            meals=_meals(told.order.meals),
        ),
    )


def _meals(counted: tuple[Meal, ...]) -> list[MealAnswer]:
    return [MealAnswer.model_validate(meal, from_attributes=True) for meal in counted]


ENDPOINTS = (
    get("/sessions", list_sessions, allow=STAFF),
    get(
        "/sessions/{session_id}/roster",
        show_roster,
        allow=ROLL,
        opens=True,
        summary="Ouvrir la liste d’une séance",
    ),
    get("/sessions/{session_id}/attendance", show_attendance, allow=ROLL),
    post(
        "/sessions/{session_id}/attendance",
        record_attendance,
        allow=ROLL,
        summary="Faire le pointage d’une séance",
    ),
    get("/kitchen", show_kitchen, allow=STAFF),
)
