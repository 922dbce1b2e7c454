"""Invoice a month for all families."""

import asyncio
import time
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.billing import publishing
from services.billing.errors import MonthNotOver
from services.billing.model.months import Month
from services.billing.publishing import IssueSlice, PlanMonth
from services.billing.repository import adjustments, anomalies, carried, charges, plans, runs
from services.billing.repository.plans import Terms
from services.billing.repository.runs import Run
from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection, Database

log = structlog.get_logger()

# A slice that nobody has done for so long is asked for again: it failed, or the bus lost it.
STALLED = timedelta(seconds=60)
LOOK_AGAIN_SECONDS = 0.05


async def request_run(
    connection: Connection,
    month: Month,
    *,
    now: datetime,
    by: UUID | None,
    not_over_confirmed: bool = False,
) -> UUID:
    """Ask for the month to be invoiced; returns the run's id, the same for the same month.

    Raises BadMonth; MonthNotOver unless that is confirmed.
    """
    today = paris_date(now)
    month.check(today)
    if today < month.after and not not_over_confirmed:
        raise MonthNotOver.of(month.label)
    run_id = await runs.request(connection, month, now=now, by=by)
    await outbox.append(connection, PlanMonth(run_id=run_id))
    return run_id


async def plan_month(connection: Connection, run_id: UUID, *, now: datetime, terms: Terms) -> None:
    """Decide who is invoiced, how much and under which number, and ask for each slice.

    Months take turns: while another one is at work nothing is decided, and its end asks again.
    A run that is planned or done already is left as it is.
    """
    # No charge moves meanwhile.
    await charges.take_books(connection)
    run = await runs.lock(connection, run_id)
    if run is None or not run.running or run.pass_id or await plans.under_way(connection):
        return
    today = paris_date(now)
    await adjustments.settle_month(connection, run.month, None)
    warnings = await anomalies.before(connection, run.month, today)
    pass_id = await plans.make(
        connection,
        run_id,
        run.month,
        terms=terms,
        issued_on=today,
        due_on=today + timedelta(days=terms.payment_days),
        now=now,
    )
    warnings += await anomalies.earlier(connection, run.month, pass_id)
    await carried.carry(connection, pass_id, run.month.after)
    await runs.begin(connection, run_id, pass_id, warnings=warnings)
    slices = await plans.slices(connection, pass_id)
    await outbox.append_all(connection, (IssueSlice(slice_id=slice_id) for slice_id in slices))
    log.info("month_planned", month=str(run.month), slices=len(slices))
    await finish_if_issued(connection, run_id, now=now)


async def finish_if_issued(connection: Connection, run_id: UUID, *, now: datetime) -> None:
    """End the run when no slice of it is left; the months that wait for it have their turn.

    The run is locked last: of two slices that end together the later one sees the other's end.
    """
    run = await runs.lock(connection, run_id)
    if run is None or not run.running or run.pass_id is None:
        return
    if not await plans.is_issued(connection, run.pass_id):
        return
    await _finish(connection, run, run.pass_id, now)
    for waiting in await runs.waiting(connection):
        await outbox.append(connection, PlanMonth(run_id=waiting))


async def _finish(connection: Connection, run: Run, pass_id: UUID, now: datetime) -> None:
    found = await runs.totals(connection, run.month, pass_id)
    await runs.finish(
        connection,
        run.run_id,
        now=now,
        found=found,
        skipped=await anomalies.skipped(connection, run.month),
        warnings=[*run.warnings, *await anomalies.after(connection, run.month)],
    )
    # A repeated run that found nothing to do is no news.
    if run.first or found.issued:
        completed = publishing.run_completed(
            run.run_id, run.month, invoices=found.invoices, total_cents=found.total_cents
        )
        await outbox.append(connection, completed)
    log.info("month_invoiced", month=str(run.month), issued=found.issued, invoices=found.invoices)


async def resume_runs(connection: Connection, *, now: datetime) -> None:
    """Ask again for what was asked for and never done: it failed, or the bus forgot it."""
    for run_id in await runs.waiting(connection):
        await outbox.append(connection, PlanMonth(run_id=run_id))
    for slice_id in await plans.stalled(connection, now - STALLED, now):
        await outbox.append(connection, IssueSlice(slice_id=slice_id))


async def wait_for_run(database: Database, run_id: UUID, *, seconds: float) -> None:
    """Wait until the run is done, for so long at most."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        async with database.connection() as connection:
            if await runs.is_done(connection, run_id):
                return
        await asyncio.sleep(LOOK_AGAIN_SECONDS)  # another copy may end it, which cannot tell us
