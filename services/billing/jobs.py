"""What billing does by itself."""

from datetime import datetime, timedelta

from aiohttp import web

from services.billing.commands.run_month import RUNNER
from services.billing.commands.settle_payment import DESK, settle_waiting
from services.chassis.jobs import Job

# A run whose process was killed is taken up again within this time.
RESUME_RUNS = timedelta(seconds=10)


async def resume_runs(app: web.Application, _now: datetime) -> None:
    """Finish the billing runs that a stopped process left behind."""
    await app[RUNNER].resume()


async def reconcile_payments(app: web.Application, now: datetime) -> None:
    """Ask the provider about payments whose notification may have been lost."""
    await settle_waiting(app[DESK], now)


def jobs(payment_check_seconds: float) -> tuple[Job, ...]:
    """The jobs, payments being asked about this often."""
    return (
        Job("resume billing runs", RESUME_RUNS, resume_runs),
        Job("reconcile payments", timedelta(seconds=payment_check_seconds), reconcile_payments),
    )
