"""What documents does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.jobs import Job
from services.documents import commands
from services.documents.clients import SCANNER
from services.documents.commands import papers as papers_commands
from services.documents.commands import publication as publication_commands
from services.documents.commands import scan as scan_commands
from services.documents.commands.vault import contents
from services.documents.commands.vault.strongroom import STRONGROOM
from services.documents.settings import LIMITS
from services.documents.storage import STORAGE


async def remove_orphans(app: web.Application, now: datetime) -> None:
    """Delete what deposits cut short have left in storage."""
    await commands.remove_orphans(app[DATABASE], app[STORAGE], now)


async def scan_documents(app: web.Application, now: datetime) -> None:
    """Have the documents in quarantine judged, where a scanner is configured."""
    if scanner := app[SCANNER]:
        while await scan_commands.scan_waiting(app[DATABASE], app[STORAGE], scanner, now):
            pass


async def follow_documents(app: web.Application, now: datetime) -> None:
    """Tell what nobody was told yet, remind of what soon expires, end what did, erase the old."""
    database, limits = app[DATABASE], app[LIMITS]
    async with database.transaction() as connection:
        await papers_commands.tell_types(connection)
    await papers_commands.tell_standings(database)
    await papers_commands.follow_validity(database, now, limits.reminder)
    await papers_commands.purge(database, app[STORAGE], now, limits.retention)


async def remove_publication_orphans(app: web.Application, now: datetime) -> None:
    """Delete files that were sent and never published."""
    await publication_commands.remove_orphans(app[DATABASE], app[STORAGE], now)


async def remove_vault_orphans(app: web.Application, now: datetime) -> None:
    """Delete what uploads cut short have left in the vaults."""
    await contents.remove_orphans(app[STRONGROOM], now)


JOBS = (
    Job("remove orphaned documents", timedelta(hours=1), remove_orphans),
    # Often, since a family waits for it; a look at an empty quarantine costs one index read.
    Job("scan documents", timedelta(seconds=2), scan_documents),
    Job("follow documents", timedelta(minutes=15), follow_documents),
    Job("remove orphans of publications", timedelta(hours=1), remove_publication_orphans),
    Job("remove orphans of vaults", timedelta(hours=1), remove_vault_orphans),
)
