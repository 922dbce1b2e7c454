"""What notifications does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.jobs import Job
from services.notifications import commands
from services.notifications.channels.post import POST


async def send_messages(app: web.Application, now: datetime) -> None:
    """Address what has waited for its family, then send every mail whose time has come."""
    await commands.release_waiting(app[DATABASE], now)
    while await commands.send_due(app[DATABASE], app[POST], now):
        pass


async def erase_old_secrets(app: web.Application, now: datetime) -> None:
    """Erase print files and passwords whose time is over."""
    async with app[DATABASE].transaction() as connection:
        await commands.erase_old_secrets(connection, app[POST], now)


JOBS = (
    # Often, since a family waits for its mail; a look at an empty queue costs one index read.
    Job("send messages", timedelta(seconds=1), send_messages),
    Job("erase old secrets", timedelta(hours=1), erase_old_secrets),
)
