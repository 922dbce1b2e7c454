"""What documents does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.jobs import Job
from services.documents import commands
from services.documents.storage import STORAGE


async def remove_orphans(app: web.Application, now: datetime) -> None:
    """Delete what deposits cut short have left in storage."""
    await commands.remove_orphans(app[DATABASE], app[STORAGE], now)


JOBS = (Job("remove orphaned documents", timedelta(hours=1), remove_orphans),)
