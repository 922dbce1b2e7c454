"""What accounts forgets by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.accounts.model.signing_in import ATTEMPT_WINDOW
from services.accounts.repository import accounts, sessions
from services.chassis.app import DATABASE
from services.chassis.jobs import Job

# Long enough to answer a family that asks who signed in; then it is nobody's business.
SESSIONS_KEPT = timedelta(days=30)


async def forget(app: web.Application, now: datetime) -> None:
    """Drop sessions long over and the counts of wrong attempts that no longer matter."""
    async with app[DATABASE].transaction() as connection:
        await sessions.forget(connection, now - SESSIONS_KEPT)
        await accounts.forget_attempts(connection, now - ATTEMPT_WINDOW)


JOBS = (Job("accounts-forget", timedelta(hours=1), forget),)
