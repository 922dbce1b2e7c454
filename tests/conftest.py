"""Real parts for every test that needs them: PostgreSQL, a bus, keys."""

import asyncio
import gc
import logging
import os
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import uvloop
from aiohttp import web
from aiokafka import AIOKafkaConsumer, TopicPartition
from xdist.scheduler import LoadScopeScheduling

from contracts import topics
from deploy.bus import EmbeddedBus
from deploy.postgres import EmbeddedPostgres
from services.chassis.auth import CallerSigner, new_key_pair
from services.chassis.bus import wait_for_topics
from services.chassis.settings import ServiceSettings
from services.chassis.testing import RunningService, running

# While a bus is away on purpose the client says so twenty times a second.
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)

KAFKA = os.environ.get("PORTAIL_TEST_BUS") == "kafka"
BUS_KIND = "kafka" if KAFKA else "embedded"
# The embedded bus lets each event wait for as long; a town's seven readers would ask it all day.
FETCH_WAIT_MS = 0 if KAFKA else 50


@pytest.hookimpl(optionalhook=True)
def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Services run on uvloop in their tests as they do in the town."""
    return {"uvloop": uvloop.new_event_loop}


# The files of these folders share a service that runs; here is over how many processes they are
# spread. In yet another one the service would have to be started again, and whatever else runs
# there would hear, and take in, all that its tests tell.
PROCESSES_OF_A_FOLDER = {
    "accounts": 2,
    "billing": 3,
    **dict.fromkeys(("documents", "enrolment", "notifications", "reservations", "trust"), 1),
}


class ServiceByService(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Deals tests out to the processes, a service's files together, other files one by one."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0])
        processes = PROCESSES_OF_A_FOLDER.get(file.parent.name)
        part = crc32(file.stem.encode()) % processes if processes else file.stem
        return f"{file.parent}-{part}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ServiceByService:
    """How tests that run side by side are dealt out."""
    return ServiceByService(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the second bus only what meets a bus is worth running again."""
    if KAFKA:
        on_bus = [item for item in items if "bus" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in on_bus])
        items[:] = on_bus


def pytest_collection_finish() -> None:
    """What was imported stays to the end: who looks for garbage need not look at it each time."""
    gc.collect()
    gc.freeze()


def free_port() -> int:
    """A port nobody listens on, and that no outgoing connection will be given."""
    while True:
        port = random.randrange(10_000, 18_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL server for the whole run."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "data", free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
async def bus(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The bootstrap servers of one bus for the whole run: embedded, or a real Apache Kafka."""
    folder = tmp_path_factory.mktemp("bus")
    server = _kafka(folder) if KAFKA else EmbeddedBus(free_port(), folder / "bus.log")
    server.start()
    await wait_for_topics(server.bootstrap, topics.ALL)
    yield server.bootstrap
    server.stop()


@pytest.fixture
async def mortal_bus(tmp_path: Path) -> AsyncIterator[EmbeddedBus]:
    """A bus with its topics, which a test may kill."""
    bus = EmbeddedBus(free_port(), tmp_path / "bus.log")
    bus.start()
    await wait_for_topics(bus.bootstrap, topics.ALL)
    yield bus
    bus.stop()


def _kafka(folder: Path) -> Any:
    from deploy.kafka_server import KafkaServer

    return KafkaServer(folder, free_port())


@dataclass(frozen=True, slots=True)
class Keys:
    """The gateway's key pair: services believe what it signs."""

    signer: CallerSigner
    public: str


@pytest.fixture(scope="session")
def keys() -> Keys:
    """A key pair made for this run."""
    private, public = new_key_pair()
    return Keys(CallerSigner(private), public)


async def stand_at(servers: str, group: str, position: int | None = None) -> None:
    """Let a group go on from this position of every partition; from their ends when None."""
    partitions = [
        TopicPartition(topic, number)
        for topic, count in topics.ALL.items()
        for number in range(count)
    ]
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.commit(ends if position is None else dict.fromkeys(partitions, position))
    finally:
        await consumer.stop()


StartService = Callable[..., Awaitable[AbstractAsyncContextManager[RunningService]]]


@pytest.fixture(scope="session")
def start_service(postgres: EmbeddedPostgres, bus: str, keys: Keys) -> StartService:
    """`async with await start_service("billing", application, BillingSettings, payment_url=…)`.

    The service gets a database of its own, freshly made.
    """
    count = iter(range(1_000_000))
    known_groups: set[str] = set()

    async def start(
        name: str,
        application: Callable[..., web.Application],
        settings_type: type[ServiceSettings] = ServiceSettings,
        *,
        database_url: str | None = None,
        bus_servers: str = bus,
        options: dict[str, Any] | None = None,
        **settings: Any,
    ) -> AbstractAsyncContextManager[RunningService]:
        url = database_url or await postgres.create(f"{name}_{next(count)}")
        # Copies on one database share a group; no other service takes its events.
        group = url.rpartition("/")[2]
        if bus_servers == bus and group not in known_groups:
            # A service need not take in all that earlier tests told.
            await stand_at(bus_servers, group)
            known_groups.add(group)
        made = settings_type(
            port=free_port(),
            database_url=url,
            bus_servers=bus_servers,
            consumer_group=group,
            bus_kind=BUS_KIND,
            bus_fetch_wait_ms=FETCH_WAIT_MS,
            caller_public_key=keys.public,
            **settings,
        )
        return running(name, application(made, **(options or {})), keys.signer, bus_servers)

    return start
