"""What accounts forgets by itself."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from services.accounts.commands.forgotten_password import send_links
from services.accounts.commands.means import MEANS
from services.accounts.commands.second_factor import seal_clear_secrets
from services.accounts.model.throttling import QUIET
from services.accounts.repository import attempts, links, sessions
from services.chassis.app import DATABASE
from services.chassis.jobs import Job

log = structlog.get_logger()

# Long enough to answer a family that asks who signed in; then it is nobody's business.
SESSIONS_KEPT = timedelta(days=30)


async def forget(app: web.Application, now: datetime) -> None:
    """Drop sessions long over and the counts of wrong attempts that no longer matter."""
    async with app[DATABASE].transaction() as connection:
        await sessions.forget(connection, now - SESSIONS_KEPT)
        await attempts.forget(connection, now - QUIET)
        await links.forget(connection, now)


async def mail_reset_links(app: web.Application, now: datetime) -> None:
    """Make the links to other passwords that were asked for since."""
    async with app[DATABASE].transaction() as connection:
        await send_links(connection, app[MEANS], now)


async def clear_secrets_sealed(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: no second factor is served before all are kept encrypted."""
    sealed = await seal_clear_secrets(app[DATABASE], app[MEANS])
    if sealed:
        log.info("second_factors_sealed", count=sealed)
    yield


JOBS = (
    Job("accounts-forget", timedelta(hours=1), forget),
    Job("accounts-reset-links", timedelta(seconds=1), mail_reset_links),
)
