"""What billing does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.billing.commands import run_month
from services.billing.commands.collect_debits import collect_due
from services.billing.commands.remind_families import REMINDERS_HOUR, send_daily_reminders
from services.billing.commands.settle_payment import DESK, settle_waiting
from services.billing.jobs import print as print_jobs
from services.chassis.app import DATABASE
from services.chassis.jobs import Job

# Banks settle by the day; an hour late on it harms nobody.
COLLECT_DEBITS = timedelta(hours=1)
# From the hour of the setting on; a look on a day that is done costs one row.
SEND_REMINDERS = timedelta(minutes=10)
# How often it is looked for what a run lacks: the bus brings again what a killed copy left.
RESUME_RUNS = timedelta(seconds=10)


async def resume_runs(app: web.Application, now: datetime) -> None:
    """Ask again for the parts of billing runs that nobody has done."""
    async with app[DATABASE].transaction() as connection:
        await run_month.resume_runs(connection, now=now)


async def reconcile_payments(app: web.Application, now: datetime) -> None:
    """Ask the provider about payments whose notification may have been lost."""
    await settle_waiting(app[DESK], now)


async def collect_debits(app: web.Application, now: datetime) -> None:
    """Book the direct debits whose day has come."""
    await collect_due(app[DATABASE], now)


async def send_reminders(app: web.Application, now: datetime) -> None:
    """Remind the families whose day has come, by the steps that go out by themselves."""
    async with app[DATABASE].transaction() as connection:
        await send_daily_reminders(connection, hour=app[REMINDERS_HOUR], now=now)


def jobs(payment_check_seconds: float) -> tuple[Job, ...]:
    """The jobs, payments being asked about this often."""
    return (
        Job("resume billing runs", RESUME_RUNS, resume_runs),
        Job("collect direct debits", COLLECT_DEBITS, collect_debits),
        Job("send reminders", SEND_REMINDERS, send_reminders),
        Job("reconcile payments", timedelta(seconds=payment_check_seconds), reconcile_payments),
        *print_jobs.JOBS,
    )
