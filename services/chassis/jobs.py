"""Work that time triggers, one copy at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

import structlog
from aiohttp import web

from services.chassis.clock import Clock
from services.chassis.database import AT_A_JOB, Database, unlock

log = structlog.get_logger()

# A running job keeps a connection for its lock beside the one it works with: were all of a
# service's jobs to begin at once, as they do at its start, there would be none left to work with.
AT_ONCE = 3
# How soon after a run the next one may be, however much is committed meanwhile.
BREATH_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Job:
    """`run(app, now)` every so often; while one copy of the service runs it the others skip it.

    A prompt one also runs as soon as something is committed here that no job did; what another
    copy of the service commits, or what comes while another copy runs it, waits for its time.
    """

    name: str
    every: timedelta
    run: Callable[[web.Application, datetime], Awaitable[None]]
    prompt: bool = False


async def repeat(
    job: Job, app: web.Application, database: Database, clock: Clock, turns: asyncio.Semaphore
) -> None:
    """Run the job until cancelled, in its turn.

    A run that fails is logged, and tried again at its next time, whatever is committed meanwhile.
    """
    AT_A_JOB.set(True)
    # For one that is not prompt, there is never any news: time alone passes.
    news = database.news() if job.prompt else asyncio.Event()
    every = job.every.total_seconds()
    while True:
        news.clear()
        try:
            async with turns:
                await _run_alone(job, app, database, clock())
        except Exception:
            # A job must outlive one bad run, whatever went wrong in it.
            log.exception("job_failed", job=job.name)
            await asyncio.sleep(every)
            continue
        await asyncio.sleep(BREATH_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(news.wait(), every - BREATH_SECONDS)


async def _run_alone(job: Job, app: web.Application, database: Database, now: datetime) -> None:
    # Above 32 bits, where no other lock of the chassis is.
    lock = crc32(job.name.encode()) << 31
    async with database.connection() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock):
            return
        try:
            await job.run(app, now)
        finally:
            await unlock(connection, lock)
