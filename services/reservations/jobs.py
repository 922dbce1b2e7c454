"""What reservations does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.jobs import Job
from services.reservations.commands.follow_calendar import follow_calendar
from services.reservations.commands.order_meals import order_meals
from services.reservations.commands.serve_lines import follow_lines
from services.reservations.official_calendar import OFFICIAL
from services.reservations.settings import KITCHEN_ORDER_AT

# A calendar that comes with a new version of the service, or was put in by another copy of it.
FOLLOW_CALENDAR = timedelta(minutes=10)
# An offer lapses by the minute it was told with, or nearly.
FOLLOW_LINES = timedelta(seconds=20)


async def follow(app: web.Application, now: datetime) -> None:
    """Make the sessions of school years that became known, and let the others follow."""
    official = app[OFFICIAL]
    async with app[DATABASE].transaction() as connection:
        await follow_calendar(connection, official.shipped, now)
        await official.refresh(connection)


async def follow_waiting_lists(app: web.Application, now: datetime) -> None:
    """Let offers lapse, end lines whose time is over, and give what was freed to the next."""
    await follow_lines(app[DATABASE], now)


async def order(app: web.Application, now: datetime) -> None:
    """Tell the kitchen what to cook, when its hour has come, and what changed since."""
    async with app[DATABASE].transaction() as connection:
        await order_meals(connection, app[KITCHEN_ORDER_AT], app[OFFICIAL].shipped, now)


JOBS = (
    Job("follow calendar", FOLLOW_CALENDAR, follow),
    Job("follow waiting lists", FOLLOW_LINES, follow_waiting_lists),
    Job("order meals", timedelta(minutes=1), order),
)
