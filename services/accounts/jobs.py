"""What accounts forgets by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.accounts.commands import keep_trail
from services.accounts.model.signing_in import ATTEMPT_WINDOW
from services.accounts.repository import accounts, sessions
from services.accounts.settings import accounts_settings
from services.chassis.app import DATABASE, SETTINGS
from services.chassis.jobs import Job

# Long enough to answer a family that asks who signed in; then it is nobody's business.
SESSIONS_KEPT = timedelta(days=30)


async def forget(app: web.Application, now: datetime) -> None:
    """Drop sessions long over and the counts of wrong attempts that no longer matter."""
    async with app[DATABASE].transaction() as connection:
        await sessions.forget(connection, now - SESSIONS_KEPT)
        await accounts.forget_attempts(connection, now - ATTEMPT_WINDOW)


async def purge_trail(app: web.Application, now: datetime) -> None:
    """Drop the lines of the audit trail that are past their retention."""
    settings = accounts_settings(app[SETTINGS])
    async with app[DATABASE].transaction() as connection:
        await keep_trail.purge_trail(connection, now, timedelta(days=settings.audit_retention_days))


JOBS = (
    Job("accounts-forget", timedelta(hours=1), forget),
    Job("purge the audit trail", timedelta(hours=12), purge_trail),
)
