"""What ends by itself comes back; what was on a lost bus is told again."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from contracts import topics
from deploy.bus import EmbeddedBus
from deploy.errors import LaunchError
from deploy.postgres import EmbeddedPostgres
from deploy.readiness import wait_for_all
from deploy.settings import Process
from deploy.supervisor import Supervisor
from services.chassis.bus import wait_for_topics
from services.chassis.database import CHASSIS_MIGRATIONS, connect, migrate
from services.chassis.relay import RELAY_LOCK
from tests.conftest import free_port


class Town:
    """A supervisor, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.told: list[str] = []
        self._news = asyncio.Event()
        self.postgres = EmbeddedPostgres(folder / "data", free_port())
        self.bus = EmbeddedBus(free_port(), folder / "bus.log")
        self.supervisor = Supervisor(self.postgres, self.bus, folder / "log", self._tell)
        self.databases: dict[str, str] = {}

    async def open(self) -> None:
        self.databases = dict(await self.supervisor.open_databases(["billing"]))
        await self.supervisor.open_bus(forgotten=True)

    async def heard(self, words: str) -> None:
        """Wait until the supervisor has told this."""
        async with asyncio.timeout(20):
            while not any(words in line for line in self.told):
                await self._news.wait()
                self._news.clear()

    def _tell(self, line: str) -> None:
        self.told.append(line)
        self._news.set()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    town = Town(tmp_path)
    await town.open()
    watch = asyncio.create_task(town.supervisor.watch())
    yield town
    watch.cancel()
    town.supervisor.stop()


def mailbox(port: int) -> Process:
    """A real small process that answers /readyz."""
    settings = {"port": port, "smtp_port": free_port()}
    return Process("mailbox", "deploy.mailbox.main", port, settings)


async def test_a_killed_process_comes_back(town: Town) -> None:
    process = mailbox(free_port())
    await town.supervisor.start([process], lambda _ready: None)
    pid = town.supervisor.process_ids()["mailbox"]

    os.kill(pid, signal.SIGKILL)

    await town.heard("mailbox ended (status -9)")
    await wait_for_all([process], lambda _ready: None, lambda: None)
    assert town.supervisor.process_ids()["mailbox"] != pid


async def test_a_process_that_cannot_start_is_named_with_its_log(town: Town) -> None:
    broken = Process("billing", "services.no_such_module", free_port(), {})

    with pytest.raises(LaunchError, match=r"billing ended \(status 1\).*billing\.log"):
        await town.supervisor.start([broken], lambda _ready: None)


async def test_a_lost_bus_comes_back_with_its_topics_and_untold_events(town: Town) -> None:
    database = await connect(town.databases["billing"], pool_size=2)
    await migrate(database, CHASSIS_MIGRATIONS)
    async with database.transaction() as connection:
        await connection.execute(TOLD_EVENT)
    async with database.connection() as relay:
        # A relay that sits on its lock and has noticed nothing must not hold anything up.
        await relay.execute("SELECT pg_advisory_lock($1)", RELAY_LOCK)

        town.bus.kill()

        await town.heard("the bus is back")
    await wait_for_topics(town.bus.bootstrap, topics.ALL)
    async with database.connection() as connection:
        untold = await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")
    await database.close()
    assert untold == 1


async def test_postgres_comes_back_with_its_data(town: Town) -> None:
    connection = await asyncpg.connect(town.databases["billing"])
    await connection.execute("CREATE TABLE kept ()")

    town.postgres.kill()

    await town.heard("postgres is back")
    connection = await asyncpg.connect(town.databases["billing"])
    assert await connection.fetchval("SELECT to_regclass('kept')")
    await connection.close()


async def test_nothing_is_left_after_stopping(tmp_path: Path) -> None:
    town = Town(tmp_path)
    await town.open()
    await town.supervisor.start([mailbox(free_port())], lambda _ready: None)
    pids = [
        town.supervisor.process_ids()["mailbox"],
        town.postgres.child and town.postgres.child.pid,
    ]
    started = time.monotonic()

    town.supervisor.stop()

    assert time.monotonic() - started < 10
    for pid in pids:
        assert pid
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


TOLD_EVENT = """
INSERT INTO outbox (id, topic, key, type, body, correlation_id, published_at)
VALUES (gen_random_uuid(), 'portail.billing', 'k', 't', '{}', '', now())
"""
