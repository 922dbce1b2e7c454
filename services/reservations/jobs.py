"""What reservations does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.jobs import Job
from services.reservations.commands.follow_calendar import follow_calendar
from services.reservations.official_calendar import OFFICIAL

# A calendar that comes with a new version of the service, or was put in by another copy of it.
FOLLOW_CALENDAR = timedelta(minutes=10)


async def follow(app: web.Application, now: datetime) -> None:
    """Make the sessions of school years that became known, and let the others follow."""
    official = app[OFFICIAL]
    async with app[DATABASE].transaction() as connection:
        await follow_calendar(connection, official.shipped, now)
        await official.refresh(connection)


JOBS = (Job("follow calendar", FOLLOW_CALENDAR, follow),)
