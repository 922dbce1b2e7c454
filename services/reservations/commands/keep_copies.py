"""Follow what accounts and enrolment tell; states older than ours change nothing."""

from datetime import datetime

from services.chassis.database import Connection
from services.reservations.commands.follow_calendar import make_sessions
from services.reservations.model.activities import Activity
from services.reservations.model.families import Enrolment, Family
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.repository import activities, copies


async def keep_activity(
    connection: Connection, activity: Activity, calendar: SchoolCalendar, now: datetime
) -> None:
    """Keep the activity, and make its sessions follow its calendar and rules."""
    if await activities.keep(connection, activity):
        await make_sessions(connection, activity, calendar, now)


async def keep_family(connection: Connection, family: Family) -> None:
    """Keep the family's children."""
    await copies.keep_family(connection, family)


async def keep_enrolment(connection: Connection, enrolment: Enrolment) -> None:
    """Let the child reserve; its activity and its family may become known later."""
    await copies.keep_enrolment(connection, enrolment)
