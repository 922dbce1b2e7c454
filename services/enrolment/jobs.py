"""What enrolment does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.jobs import Job
from services.enrolment.commands import town


async def tell_in_version_two(app: web.Application, _now: datetime) -> None:
    """After an upgrade: tell once more what was told before the present version of the event."""
    async with app[DATABASE].transaction() as connection:
        await town.tell_in_version_two(connection)


JOBS = (Job("tell activities in version 2", timedelta(hours=1), tell_in_version_two),)
