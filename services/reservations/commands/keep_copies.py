"""Follow what accounts and enrolment tell; states older than ours change nothing."""

from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.model.activities import Activity, plan_sessions
from services.reservations.model.families import Enrolment, Family
from services.reservations.model.rosters import RollRule
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.repository import copies, rosters, sessions


async def keep_activity(
    connection: Connection, activity: Activity, calendar: SchoolCalendar, now: datetime
) -> None:
    """Keep the activity, and make its sessions follow its calendar and rules."""
    if await copies.keep_activity(connection, activity):
        planned = plan_sessions(activity, calendar)
        await sessions.plan(connection, activity.activity_id, planned, now)


async def keep_family(connection: Connection, family: Family) -> None:
    """Keep the family's children."""
    await copies.keep_family(connection, family)


async def keep_enrolment(connection: Connection, enrolment: Enrolment) -> None:
    """Let the child reserve; its activity and its family may become known later."""
    await copies.keep_enrolment(connection, enrolment)


async def keep_roll_rule(
    connection: Connection, activity_id: UUID, version: int, rule: RollRule
) -> None:
    """Keep what an activity settles of its roll; the activity itself may become known later."""
    await rosters.keep_rule(connection, activity_id, version, rule)
