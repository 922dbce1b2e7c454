"""Jobs: at their time, and the prompt ones as soon as there may be something to do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from services.chassis.app import DATABASE, service_application
from services.chassis.jobs import BREATH_SECONDS, Job
from services.chassis.settings import ServiceSettings
from services.chassis.testing import RunningService, eventually
from tests.conftest import StartService

SELDOM = timedelta(hours=1)


@asynccontextmanager
async def working(start_service: StartService, *jobs: Job) -> AsyncIterator[RunningService]:
    """A service that has these jobs to do."""

    def application(settings: ServiceSettings) -> web.Application:
        return service_application(
            name="billing", settings=settings, endpoints=(), migrations=Path("none"), jobs=jobs
        )

    async with await start_service("billing", application) as service:
        yield service


async def test_a_prompt_job_runs_when_something_is_committed_and_others_wait(
    start_service: StartService,
) -> None:
    runs = {"prompt": 0, "patient": 0}

    def counted(name: str) -> Job:
        async def run(_app: web.Application, _now: datetime) -> None:
            runs[name] += 1

        return Job(name, SELDOM, run, prompt=name == "prompt")

    async def ran(prompt: int) -> bool:
        return runs == {"prompt": prompt, "patient": 1}

    async with working(start_service, counted("prompt"), counted("patient")) as service:
        await eventually(lambda: ran(1), what="each job's first run")
        async with service.database.transaction() as connection:
            await connection.execute("SELECT 1")
        await eventually(lambda: ran(2), what="the run after the commit")


async def test_jobs_do_not_keep_each_other_busy(start_service: StartService) -> None:
    """Each commits whenever it runs: a town at rest would never rest."""
    starts: dict[str, list[datetime]] = {"one": [], "other": []}
    every = timedelta(seconds=8 * BREATH_SECONDS)

    def committing(name: str) -> Job:
        async def run(app: web.Application, now: datetime) -> None:
            async with app[DATABASE].transaction() as connection:
                await connection.execute("SELECT 1")
            starts[name].append(now)

        return Job(name, every, run, prompt=True)

    async def three_rounds() -> bool:
        return all(len(times) >= 3 for times in starts.values())

    async with working(start_service, *map(committing, starts)):
        await eventually(three_rounds, what="three runs of each")
    for times in starts.values():
        # Kept busy they would be two breaths apart. A timer may ring a moment early.
        assert times[2] - times[0] > 2 * every - timedelta(seconds=BREATH_SECONDS)
