"""What reservations does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.jobs import Job
from services.reservations.commands.serve_lines import follow_lines

# An offer lapses by the minute it was told with, or nearly.
FOLLOW_LINES = timedelta(seconds=20)


async def follow_waiting_lists(app: web.Application, now: datetime) -> None:
    """Let offers lapse, end lines whose time is over, and give what was freed to the next."""
    await follow_lines(app[DATABASE], now)


JOBS = (Job("follow waiting lists", FOLLOW_LINES, follow_waiting_lists),)
