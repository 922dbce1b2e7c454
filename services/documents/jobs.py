"""What documents does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.jobs import Job
from services.documents import commands, publication_commands
from services.documents.storage import STORAGE
from services.documents.vault_commands import contents
from services.documents.vault_commands.strongroom import STRONGROOM


async def remove_orphans(app: web.Application, now: datetime) -> None:
    """Delete what deposits cut short have left in storage."""
    await commands.remove_orphans(app[DATABASE], app[STORAGE], now)


async def remove_publication_orphans(app: web.Application, now: datetime) -> None:
    """Delete files that were sent and never published."""
    await publication_commands.remove_orphans(app[DATABASE], app[STORAGE], now)


async def remove_vault_orphans(app: web.Application, now: datetime) -> None:
    """Delete what uploads cut short have left in the vaults."""
    await contents.remove_orphans(app[STRONGROOM], now)


JOBS = (
    Job("remove orphaned documents", timedelta(hours=1), remove_orphans),
    Job("remove orphans of publications", timedelta(hours=1), remove_publication_orphans),
    Job("remove orphans of vaults", timedelta(hours=1), remove_vault_orphans),
)
