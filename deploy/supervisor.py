"""Starts the town's processes, keeps them running, stops them in reverse."""

import asyncio
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from contracts import topics
from deploy.bus import EmbeddedBus
from deploy.children import Child
from deploy.errors import LaunchError
from deploy.kafka_server import KafkaServer
from deploy.postgres import EmbeddedPostgres
from deploy.readiness import wait_for_all, wait_until_listening
from deploy.refill import all_events_to_tell_again
from deploy.settings import Process
from deploy.state import ROOT
from services.chassis.bus import wait_for_topics

WATCH_SECONDS = 0.2
BUS_TIMEOUT = 60.0
FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 30.0
# A process that ran this long has started well: its next crash counts as the first.
SETTLED_SECONDS = 60.0
STOP_TIMEOUT = 15.0
STORES_RETRY_SECONDS = 2.0

Tell = Callable[[str], None]


@dataclass(slots=True)
class Watched:
    """A child with what its restarts need to know."""

    process: Process
    child: Child
    crashes: int = 0
    started_at: float = field(default_factory=time.monotonic)
    restart_at: float | None = None


class Supervisor:
    """Everything that runs, in the order in which it was started."""

    def __init__(
        self,
        postgres: EmbeddedPostgres,
        bus: EmbeddedBus | KafkaServer,
        logs: Path,
        tell: Tell,
    ) -> None:
        self._postgres = postgres
        self._bus = bus
        self._logs = logs
        self._tell = tell
        self._watched: list[Watched] = []
        self._databases: Sequence[str] = ()
        self._stores_again_at = 0.0

    async def open_databases(self, services: Sequence[str]) -> Mapping[str, str]:
        """Start PostgreSQL; return each service's database URL."""
        self._postgres.start()
        urls = {service: await self._postgres.create(service) for service in services}
        self._databases = tuple(urls.values())
        return urls

    async def open_bus(self, *, forgotten: bool) -> None:
        """Start the bus with its topics; when it has forgotten, all events are told again."""
        if not forgotten:
            await self._start_bus()
            return
        async with all_events_to_tell_again(self._databases):
            await self._start_bus()

    async def start(self, processes: Sequence[Process], ready: Callable[[Process], None]) -> None:
        """Start them and wait for all. Raises LaunchError when one ends or is never ready.

        Subscribers go first and all at once: the bus holds back whoever joins a group, and the
        others load meanwhile instead of taking the processor from them.
        """
        subscribers = [process for process in processes if "bus_servers" in process.settings]
        others = [process for process in processes if process not in subscribers]
        try:
            self._start_all(subscribers)
            await wait_until_listening(subscribers, self._require_alive)
            self._start_all(others)
            await wait_for_all(processes, ready, self._require_alive)
        except LaunchError as error:
            where = "" if str(self._logs) in str(error) else f"; logs are in {self._logs}"
            raise LaunchError(f"{error}{where}") from error

    async def watch(self) -> None:
        """Restart whatever ends, until cancelled."""
        while True:
            await self._look()
            await asyncio.sleep(WATCH_SECONDS)

    def process_ids(self) -> dict[str, int]:
        """The processes that live now, by name."""
        lives = {watched.process.name: watched.child.pid for watched in self._watched}
        return {name: pid for name, pid in lives.items() if pid}

    def stop(self) -> None:
        """Stop everything in reverse: first the processes, then the bus, then PostgreSQL."""
        children = [watched.child for watched in reversed(self._watched)]
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_TIMEOUT
        for child in children:
            child.wait_stopped(max(0.0, deadline - time.monotonic()))
        self._bus.stop()
        self._postgres.stop()

    def _start_all(self, processes: Sequence[Process]) -> None:
        for process in processes:
            self._watched.append(Watched(process, self._start_process(process)))

    def _start_process(self, process: Process) -> Child:
        child = Child(
            process.name,
            [sys.executable, "-m", process.module],
            log=self._logs / f"{process.name}.log",
            environment={**process.environment, "PYTHONPATH": str(ROOT)},
        )
        child.start()
        return child

    async def _start_bus(self) -> None:
        self._bus.start()
        try:
            await asyncio.wait_for(wait_for_topics(self._bus.bootstrap, topics.ALL), BUS_TIMEOUT)
        except TimeoutError as error:
            raise LaunchError(f"the bus does not answer; logs are in {self._logs}") from error

    def _require_alive(self) -> None:
        """At the first start nothing is tried twice: what ends has a fault to be told."""
        for watched in self._watched:
            if not watched.child.alive:
                raise LaunchError(_ended(watched.child))

    async def _look(self) -> None:
        """One look at everything: PostgreSQL first, for the bus is refilled from it."""
        if time.monotonic() >= self._stores_again_at:
            try:
                self._revive_postgres()
                await self._revive_bus()
            except (LaunchError, OSError, RuntimeError, asyncpg.PostgresError) as error:
                self._stores_again_at = time.monotonic() + STORES_RETRY_SECONDS
                self._tell(f"restart failed, trying again: {error}")
        for watched in self._watched:
            self._revive(watched)

    def _revive_postgres(self) -> None:
        child = self._postgres.child
        if child and not child.alive:
            self._tell(_ended(child))
            self._postgres.start()
            self._tell("postgres is back")

    async def _revive_bus(self) -> None:
        child = self._bus.child
        if child and not child.alive:
            self._tell(_ended(child))
            await self.open_bus(forgotten=isinstance(self._bus, EmbeddedBus))
            self._tell("the bus is back" + _refilled(self._bus))

    def _revive(self, watched: Watched) -> None:
        now = time.monotonic()
        if watched.child.alive:
            return
        if watched.restart_at is None:
            watched.child.kill()  # what it had started and left behind
            settled = now - watched.started_at > SETTLED_SECONDS
            watched.crashes = 1 if settled else watched.crashes + 1
            delay = min(FIRST_BACKOFF * 2 ** (watched.crashes - 1), LONGEST_BACKOFF)
            watched.restart_at = now + delay
            self._tell(f"{_ended(watched.child)}; starts again in {delay:.1f} s")
        elif now >= watched.restart_at:
            watched.restart_at = None
            watched.started_at = now
            watched.child = self._start_process(watched.process)


def _ended(child: Child) -> str:
    return f"{child.name} ended (status {child.exit_status}){_reason(child)}, see {child.log}"


def _reason(child: Child) -> str:
    """The last line of the log, where a Python program names what stopped it."""
    if child.exit_status != 1 or not child.log.exists():
        return ""
    words = child.log.read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line.strip() for line in reversed(words) if line.strip()), "")
    return "" if not last or last.startswith("{") else f": {last[:200]}"


def _refilled(bus: EmbeddedBus | KafkaServer) -> str:
    return ", and is being refilled" if isinstance(bus, EmbeddedBus) else ""
