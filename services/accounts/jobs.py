"""What accounts forgets by itself."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from services.accounts.commands import keep_record, keep_trail
from services.accounts.commands.forgotten_password import send_links
from services.accounts.commands.means import MEANS
from services.accounts.commands.plan_codes import issue_planned_batches
from services.accounts.commands.second_factor import seal_clear_secrets
from services.accounts.commands.set_rules import note_run_out
from services.accounts.model.requests import DECIDED_KEPT
from services.accounts.model.throttling import QUIET
from services.accounts.repository import attempts, checked_files, imports, links, requests, sessions
from services.accounts.settings import accounts_settings
from services.chassis.app import DATABASE, SETTINGS
from services.chassis.clock import paris_date
from services.chassis.jobs import Job

log = structlog.get_logger()

# Long enough to answer a family that asks who signed in; then it is nobody's business.
SESSIONS_KEPT = timedelta(days=30)
# Until the year's files are in and corrected.
REPORTS_KEPT = timedelta(days=90)
# Few enough that parents who save their record meanwhile hardly wait.
FILES_AT_ONCE = 100


async def forget(app: web.Application, now: datetime) -> None:
    """Drop sessions long over and the counts of wrong attempts that no longer matter."""
    async with app[DATABASE].transaction() as connection:
        await sessions.forget(connection, now - SESSIONS_KEPT)
        await attempts.forget(connection, now - QUIET)
        await links.forget(connection, now)


async def forget_requests(app: web.Application, now: datetime) -> None:
    """Erase the account requests that were never confirmed, and those long decided."""
    async with app[DATABASE].transaction() as connection:
        await requests.forget(connection, expired=now, decided=now - DECIDED_KEPT)


async def forget_imports(app: web.Application, now: datetime) -> None:
    """Erase the reports of old imports, and the files that were checked and not imported."""
    async with app[DATABASE].transaction() as connection:
        await checked_files.forget(connection, now)
        await imports.forget(connection, now - REPORTS_KEPT)


async def issue_planned(app: web.Application, now: datetime) -> None:
    """Send the batches of codes whose day has come."""
    await issue_planned_batches(app[DATABASE], app[MEANS].hashing, now)


async def purge_trail(app: web.Application, now: datetime) -> None:
    """Drop the lines of the audit trail that are past their retention."""
    settings = accounts_settings(app[SETTINGS])
    async with app[DATABASE].transaction() as connection:
        await keep_trail.purge_trail(connection, now, timedelta(days=settings.audit_retention_days))


async def mail_reset_links(app: web.Application, now: datetime) -> None:
    """Make the links to other passwords that were asked for since."""
    async with app[DATABASE].transaction() as connection:
        await send_links(connection, app[MEANS], now)


async def tell_files_again(app: web.Application, _now: datetime) -> None:
    """Tell the files that say something new, a transaction for some of them."""
    told = FILES_AT_ONCE
    while told == FILES_AT_ONCE:
        async with app[DATABASE].transaction() as connection:
            told = await keep_record.tell_waiting(connection, FILES_AT_ONCE)


async def clear_secrets_sealed(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: no second factor is served before all are kept encrypted."""
    sealed = await seal_clear_secrets(app[DATABASE], app[MEANS])
    if sealed:
        log.info("second_factors_sealed", count=sealed)
    yield


async def note_what_ran_out(app: web.Application, now: datetime) -> None:
    """Say of records in which something is no longer valid that they lack it."""
    while await note_run_out(app[DATABASE], paris_date(now)):
        pass


JOBS = (
    Job("accounts-forget", timedelta(hours=1), forget),
    Job("accounts-forget-requests", timedelta(hours=1), forget_requests),
    Job("accounts-forget-imports", timedelta(minutes=10), forget_imports),
    Job("accounts-run-out", timedelta(minutes=30), note_what_ran_out),
    Job("accounts-issue-planned", timedelta(minutes=1), issue_planned),
    Job("accounts-tell-files", timedelta(minutes=1), tell_files_again),
    Job("purge the audit trail", timedelta(hours=12), purge_trail),
    Job("accounts-reset-links", timedelta(seconds=1), mail_reset_links, prompt=True),
)
