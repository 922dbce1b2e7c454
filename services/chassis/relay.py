"""Carries the outbox to the bus: one elected relay a service, in order, in batches."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from contracts import topics
from contracts.envelope import Attributes
from services.chassis import bus
from services.chassis.database import Connection, Database, unlock
from services.chassis.settings import ServiceSettings
from services.chassis.telemetry import RELAYED

log = structlog.get_logger()

# One relay a database; the number only has to differ from the other advisory locks.
RELAY_LOCK = 0x6F757462
BATCH = 500
# How long an event of another copy of the service, whose commit is not seen here, may wait.
POLL_SECONDS = 0.2
ELECTION_SECONDS = 1.0
RETRY_SECONDS = 1.0

UNPUBLISHED = """
SELECT position, id, topic, key, type, body, correlation_id, created_at FROM outbox
WHERE published_at IS NULL ORDER BY position LIMIT $1
"""


class Relay:
    """Publishes unpublished outbox rows for as long as it holds the service's relay lock."""

    def __init__(self, database: Database, settings: ServiceSettings, service: str) -> None:
        self._database = database
        self._settings = settings
        self._service = service

    async def run(self) -> None:
        """Relay until cancelled. Whatever fails is tried again: no event is given up."""
        while True:
            try:
                async with self._election() as connection, self._producer() as producer:
                    while True:
                        await self._publish_all(connection, producer)
                        await self._wait_for_commit()
            except (OSError, RuntimeError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("relay_interrupted", error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)

    @asynccontextmanager
    async def _election(self) -> AsyncIterator[Connection]:
        """A connection that holds the lock; PostgreSQL releases it if this process dies."""
        async with self._database.connection() as connection:
            # The lock is held elsewhere: nothing here can be awaited but time.
            while not await connection.fetchval(  # noqa: ASYNC110 - see above
                "SELECT pg_try_advisory_lock($1)", RELAY_LOCK
            ):
                await asyncio.sleep(ELECTION_SECONDS)  # the other copy cannot tell us
            try:
                yield connection
            finally:
                await unlock(connection, RELAY_LOCK)

    @asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        # A broker that came back empty must have its topics before the first event,
        # or it would make them by itself and strand the subscribers.
        await bus.ensure_topics(
            self._settings.bus_servers, topics.ALL, replicas=self._settings.bus_replicas
        )
        producer = bus.producer(self._settings, self._service)
        await producer.start()
        try:
            yield producer
        finally:
            with suppress(KafkaError, OSError):
                await producer.stop()

    async def _publish_all(self, connection: Connection, producer: AIOKafkaProducer) -> None:
        while rows := await connection.fetch(UNPUBLISHED, BATCH):
            await self._publish(producer, rows)
            await connection.execute(
                "UPDATE outbox SET published_at = now() WHERE position = ANY($1)",
                [row["position"] for row in rows],
            )
            RELAYED.inc(len(rows))

    async def _publish(self, producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record]) -> None:
        """Send a batch and wait until the bus has all of it. Raises the first failure."""
        sent = [
            await producer.send(
                row["topic"],
                value=row["body"].encode(),
                key=row["key"].encode(),
                headers=self._attributes(row).headers(),
            )
            for row in rows
        ]
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    def _attributes(self, row: asyncpg.Record) -> Attributes:
        event_id: UUID = row["id"]
        return Attributes(
            id=event_id,
            type=row["type"],
            source=f"/services/{self._service}",
            time=row["created_at"],
            correlation_id=row["correlation_id"],
        )

    async def _wait_for_commit(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._database.committed.wait(), POLL_SECONDS)
        self._database.committed.clear()
