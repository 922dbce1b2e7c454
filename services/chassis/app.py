"""Builds the application of a service from its parts, and runs it."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
import uvloop
from aiohttp import web

from services.chassis import (
    database,
    erasure,
    housekeeping,
    log,
    openapi,
    operator_routes,
    personal_data_routes,
)
from services.chassis.auth import Caller, CallerVerifier
from services.chassis.clock import Clock, utc_now
from services.chassis.database import CHASSIS_MIGRATIONS, Database
from services.chassis.endpoints import Endpoint
from services.chassis.health import Check, health_routes, reaches
from services.chassis.intake import Intake, Subscription, topics_of
from services.chassis.jobs import AT_ONCE, Job, repeat
from services.chassis.messaging import Feed, Subscriber
from services.chassis.personal_data import Held, PersonalData
from services.chassis.processes import process_pool
from services.chassis.relay import Relay
from services.chassis.settings import ProcessSettings, ServiceSettings
from services.chassis.telemetry import metrics_on
from services.chassis.web import Server, correlate, render_problems

logger = structlog.get_logger()

DATABASE = web.AppKey("database", Database)
SETTINGS = web.AppKey("settings", ServiceSettings)

MAX_BODY_BYTES = 2 * 1024 * 1024
NOTHING_PERSONAL = PersonalData(())
RESTART_SECONDS = 1.0
CANCEL_AGAIN_SECONDS = 3.0

Resource = Callable[[web.Application], AsyncIterator[None]]


def service_application(
    *,
    name: str,
    settings: ServiceSettings,
    endpoints: Sequence[Endpoint],
    migrations: Path,
    subscriptions: Iterable[Subscription] = (),
    commands: Sequence[Subscription] = (),
    jobs: Iterable[Job] = (),
    resources: Iterable[Resource] = (),
    personal: PersonalData = NOTHING_PERSONAL,
    clock: Clock = utc_now,
) -> web.Application:
    """The service as an aiohttp application; nothing connects before it starts.

    `commands`: what its copies share out among them, see `chassis.commands`.
    """
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[correlate, render_problems])
    app[SETTINGS] = settings
    verifier = CallerVerifier(settings.caller_public_key)

    async def authenticate(request: web.Request, now: datetime) -> Caller:
        return verifier.verify(request.headers.get("Authorization", ""), now)

    server = Server(
        authenticate=authenticate, clock=clock, database=lambda: app[DATABASE], name=name
    )
    app[personal_data_routes.HELD] = held = Held(name, personal, settings.retention_months)
    every = (*endpoints, *personal_data_routes.ENDPOINTS, *operator_routes.ENDPOINTS)
    app.router.add_routes(server.routes(every))
    app.router.add_get("/openapi.json", _openapi(name, endpoints))
    app.cleanup_ctx.append(metrics_on(settings.host, settings.metrics_port))
    app.cleanup_ctx.append(process_pool)
    app.cleanup_ctx.append(_database(settings, migrations))
    app.cleanup_ctx.extend(resources)
    work = _Work(
        app,
        name,
        settings,
        subscriptions=(*subscriptions, *erasure.subscriptions(held)),
        commands=commands,
        jobs=(*jobs, *erasure.jobs(held, DATABASE)),
        clock=clock,
    )
    app.cleanup_ctx.append(work.run)
    app.router.add_routes(health_routes(work.checks))
    return app


def run(application: web.Application, settings: ProcessSettings, name: str) -> None:
    """Serve until SIGINT or SIGTERM; requests at work are finished first."""
    log.configure(name, settings.log_level)
    # What was imported stays to the end: whoever looks for garbage need not look at it each time.
    gc.collect()
    gc.freeze()
    web.run_app(
        application,
        host=settings.host,
        port=settings.port,
        loop=uvloop.new_event_loop(),
        access_log=None,
        print=None,
        shutdown_timeout=5,
        handler_cancellation=False,
    )


def _database(settings: ServiceSettings, migrations: Path) -> Resource:
    async def open_database(app: web.Application) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        app[DATABASE] = await database.connect(url, pool_size=settings.pool_size)
        try:
            await database.migrate(app[DATABASE], CHASSIS_MIGRATIONS, migrations)
            yield
        finally:
            await app[DATABASE].close()

    return open_database


def _openapi(
    name: str, endpoints: Sequence[Endpoint]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(_request: web.Request) -> web.Response:
        return web.json_response(openapi.document(f"portail-{name}", "1", endpoints))

    return serve


class _Work:
    """What a service does by itself beside answering: relay, subscriber, jobs."""

    def __init__(
        self,
        app: web.Application,
        name: str,
        settings: ServiceSettings,
        *,
        subscriptions: Sequence[Subscription],
        commands: Sequence[Subscription],
        jobs: Iterable[Job],
        clock: Clock,
    ) -> None:
        self._app, self._name, self._settings = app, name, settings
        self._subscriptions, self._commands = subscriptions, commands
        self._jobs = (*jobs, Job("housekeeping", timedelta(hours=1), self._forget))
        self._clock = clock
        self._subscribers: list[Subscriber] = []

    @property
    def checks(self) -> dict[str, Check]:
        return {"database": self._database_answers, "bus": self._bus_answers}

    async def run(self, app: web.Application) -> AsyncIterator[None]:
        """Cleanup context: start it all, stop it all."""
        intake = Intake(self._name, app[DATABASE], (*self._subscriptions, *self._commands))
        app[operator_routes.INTAKE] = intake
        relay = Relay(app[DATABASE], self._settings, self._name)
        self._subscribers = [
            Subscriber(self._settings, self._name, intake, feed) for feed in self._feeds()
        ]
        works = [("relay", relay.run), *(("subscriber", s.run) for s in self._subscribers)]
        tasks = [asyncio.create_task(_forever(name, work)) for name, work in works]
        turns = asyncio.Semaphore(AT_ONCE)
        tasks += [
            asyncio.create_task(repeat(job, app, app[DATABASE], self._clock, turns))
            for job in self._jobs
        ]
        yield
        await _cancel(tasks)

    def _feeds(self) -> Iterator[Feed]:
        if self._subscriptions:
            yield Feed(topics_of(self._subscriptions))
        if self._commands:
            # A group of its own: long work does not hold up the events of others.
            yield Feed(topics_of(self._commands), records=1, group_suffix="-internal")

    async def _forget(self, app: web.Application, now: datetime) -> None:
        retention = timedelta(days=self._settings.outbox_retention_days)
        async with app[DATABASE].transaction() as connection:
            await housekeeping.forget(connection, now, retention)

    async def _database_answers(self) -> str | None:
        async with self._app[DATABASE].connection() as connection:
            await connection.execute("SELECT 1")
        return None

    async def _bus_answers(self) -> str | None:
        if not all(subscriber.started.is_set() for subscriber in self._subscribers):
            return "not subscribed yet"
        return await reaches(self._settings.bus_servers)


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: a lost bus or database can swallow a cancellation on its way."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _ended, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_SECONDS)


async def _forever(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """A background work that ends by mistake is started again; the process serves on meanwhile."""
    while True:
        try:
            await work()
        except Exception:
            # Whatever it was, it must not silence the service for good.
            logger.exception("background_work_failed", work=name)
        await asyncio.sleep(RESTART_SECONDS)
