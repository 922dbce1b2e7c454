"""Make sessions ahead, and let them follow the calendar; families are told what they lose."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.reservations.commands.close_sessions import close_sessions
from services.reservations.commands.serve_lines import follow_sessions
from services.reservations.model.activities import Activity, plan_sessions
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.model.town_calendar import Closure, TownCalendar
from services.reservations.repository import activities, calendars, sessions

# What families read when the official calendar no longer has a day of theirs.
CALENDAR_CHANGED = "Calendrier scolaire modifié"


async def make_sessions(
    connection: Connection, activity: Activity, shipped: SchoolCalendar, now: datetime
) -> None:
    """The sessions of an activity as it was just published.

    Days that it gives up close, and what families hold in them stays theirs: the town is to
    settle with them what it changed.
    """
    official = await calendars.official(connection, shipped)
    closures = await calendars.closures(connection)
    calendar = _calendar(activity, official, closures)
    await sessions.lock_coming(connection, [activity.activity_id], now)
    await sessions.plan(connection, activity.activity_id, plan_sessions(activity, calendar), now)
    await activities.planned(connection, activity.activity_id, calendar.fingerprint)
    await follow_sessions(connection, activity.activity_id, now)


async def follow_calendar(
    connection: Connection,
    shipped: SchoolCalendar,
    now: datetime,
    concerned: Collection[UUID] | None = None,
) -> int:
    """Bring the sessions of activities up to date with the calendar; tells how many activities.

    Of all, or of those concerned; one whose calendar is what it was is left alone. Sessions that
    do not take place any more are given back and told.
    """
    official = await calendars.official(connection, shipped)
    closures = await calendars.closures(connection)
    outdated = [
        (activity, calendar)
        for activity, planned_with in await activities.lock_coming(connection, paris_date(now))
        if concerned is None or activity.activity_id in concerned
        if (calendar := _calendar(activity, official, closures)).fingerprint != planned_with
    ]
    # All at once and in the order of their ids: baskets hold sessions of several activities.
    await sessions.lock_coming(connection, [a.activity_id for a, _ in outdated], now)
    for activity, calendar in outdated:
        await _plan_anew(connection, activity, calendar, now)
    return len(outdated)


def _calendar(
    activity: Activity, official: SchoolCalendar, closures: Sequence[Closure]
) -> TownCalendar:
    return TownCalendar.of_activity(activity.activity_id, activity.ends_on, official, closures)


async def _plan_anew(
    connection: Connection, activity: Activity, calendar: TownCalendar, now: datetime
) -> None:
    planned = plan_sessions(activity, calendar)
    before = await sessions.open_sessions(connection, activity.activity_id, now)
    dropped = await sessions.plan(connection, activity.activity_id, planned, now)
    reasons = {s.session_id: s.closed_reason for s in planned if s.closed_reason}
    reasons |= {
        session_id: calendar.official.label(day) or CALENDAR_CHANGED
        for session_id, day in dropped.items()
    }
    closing = {session_id: reasons[session_id] for session_id in before if session_id in reasons}
    await close_sessions(connection, closing, now)
    await activities.planned(connection, activity.activity_id, calendar.fingerprint)
    await follow_sessions(connection, activity.activity_id, now)
