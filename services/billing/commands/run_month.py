"""Invoice a month for all families."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from aiohttp import web
from structlog.contextvars import get_contextvars

from contracts.events.billing import InvoiceIssued
from services.billing import publishing
from services.billing.model.months import Month
from services.billing.repository import anomalies, charges, runs
from services.chassis import outbox
from services.chassis.clock import Clock, paris_date
from services.chassis.database import Connection, Database

log = structlog.get_logger()

# One for now; the counter, the numbers and the invoices are by register already.
REGISTER = "EJ"


async def request_run(
    connection: Connection, month: Month, *, now: datetime, by: UUID | None
) -> UUID:
    """Ask for the month to be invoiced; returns the run's id, the same for the same month."""
    month.check(paris_date(now))
    return await runs.request(connection, month, now=now, by=by)


async def perform_run(
    connection: Connection, run_id: UUID, *, now: datetime, payment_days: int
) -> None:
    """Issue what the month still lacks. A run that is done already is left as it is.

    All or nothing: killed in the middle it leaves no invoice, no number and no event.
    """
    # Runs take turns here, and no charge moves meanwhile.
    await charges.take_books(connection)
    run = await runs.lock(connection, run_id)
    if not run.running:
        return
    today = paris_date(now)
    warnings = await anomalies.before(connection, run.month, today)
    pass_id = await runs.issue(
        connection,
        run.month,
        register=REGISTER,
        issued_on=today,
        due_on=today + timedelta(days=payment_days),
        at=now,
    )
    found = await runs.totals(connection, run.month, pass_id)
    await _tell(connection, run, pass_id, found)
    await runs.finish(
        connection,
        run_id,
        now=now,
        found=found,
        skipped=await anomalies.skipped(connection, run.month),
        warnings=warnings + await anomalies.after(connection, run.month),
    )
    log.info("month_invoiced", month=str(run.month), issued=found.issued, invoices=found.invoices)


async def _tell(connection: Connection, run: runs.Run, pass_id: UUID, found: runs.Totals) -> None:
    await runs.tell(
        connection,
        pass_id,
        topic=InvoiceIssued.topic(),
        event_type=InvoiceIssued.type_name(),
        correlation_id=str(get_contextvars().get("correlation_id", "")),
    )
    # A repeated run that found nothing to do is no news.
    if run.first or found.issued:
        completed = publishing.run_completed(
            run.run_id, run.month, invoices=found.invoices, total_cents=found.total_cents
        )
        await outbox.append(connection, completed)


class Runner:
    """Performs runs beside the request that asked for them: a large town's month takes longer."""

    def __init__(self, database: Database, clock: Clock, *, payment_days: int) -> None:
        self._database, self._clock = database, clock
        self._payment_days = payment_days
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, run_id: UUID, *, wait_seconds: float) -> None:
        """Begin the run, and wait for its end for a moment. Raises what it raises meanwhile."""
        task = asyncio.create_task(self._perform(run_id))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait({task}, timeout=wait_seconds)
        for ended in done:
            ended.result()

    async def resume(self) -> None:
        """Perform the runs that were asked for and never ended: their process was killed."""
        async with self._database.connection() as connection:
            waiting = await runs.unfinished(connection)
        for run_id in waiting:
            try:
                await self._perform(run_id)
            except Exception:
                # One month that cannot be run must not hold up the others.
                log.exception("billing_run_failed", run_id=str(run_id))

    async def close(self) -> None:
        """Give up what is under way; its transaction is undone and `resume` begins it anew."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _perform(self, run_id: UUID) -> None:
        async with self._database.transaction() as connection:
            await perform_run(
                connection, run_id, now=self._clock(), payment_days=self._payment_days
            )

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("billing_run_failed", exc_info=error)


RUNNER = web.AppKey("runner", Runner)
