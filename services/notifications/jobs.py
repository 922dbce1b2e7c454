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


async def tell_closures(app: web.Application, now: datetime) -> None:
    """Tell families of the places that closures took, one message a family."""
    await commands.tell_closures(app[DATABASE], now)


async def make_broadcast_messages(app: web.Application, _now: datetime) -> None:
    """Make the messages of what the staff wrote to many families, some hundreds at a time."""
    await commands.make_broadcast_messages(app[DATABASE])


async def forget_past_days(app: web.Application, now: datetime) -> None:
    """Drop what was kept for days that are over."""
    async with app[DATABASE].transaction() as connection:
        await commands.forget_past_days(connection, now)


async def erase_old_secrets(app: web.Application, now: datetime) -> None:
    """Erase print files and passwords whose time is over."""
    async with app[DATABASE].transaction() as connection:
        await commands.erase_old_secrets(connection, app[POST], now)


JOBS = (
    # At once, since a family waits for its mail; a look at an empty queue costs one index read.
    Job("send messages", timedelta(seconds=1), send_messages, prompt=True),
    Job("tell closures", timedelta(seconds=5), tell_closures),
    Job("make broadcast messages", timedelta(seconds=1), make_broadcast_messages),
    Job("forget past days", timedelta(hours=6), forget_past_days),
    Job("erase old secrets", timedelta(hours=1), erase_old_secrets),
)
