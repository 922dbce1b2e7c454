"""The subscribers of a service: consumer groups, batches, acknowledged after the effect."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from contracts import topics
from services.chassis import bus
from services.chassis.dead_letters import Record, printable
from services.chassis.former_life import begin_again_beyond_the_end
from services.chassis.intake import Intake, database_is_away
from services.chassis.settings import ServiceSettings

log = structlog.get_logger()

MAX_RECORDS = 200
# How long a batch waits for its first record; it leaves as soon as there is one.
WAIT_MS = 1_000
# How long FastStream sleeps after a wait in vain, whatever comes meanwhile.
PAUSE_AFTER_NOTHING_MS = 20
# How long the bus may keep a request for records that are not there yet. Apache Kafka answers as
# soon as they are; the embedded bus answers when the time is over, whatever came meanwhile.
FETCH_WAIT_MS = {"kafka": 2_000, "embedded": 200}
PAUSE_WHEN_DATABASE_AWAY_SECONDS = 1.0
ACKNOWLEDGEMENT_SECONDS = 10
# How long the partitions of a copy that was killed stay orphaned. Six seconds are the least that
# Apache Kafka accepts; the embedded bus, on the same machine, also holds whoever joins a group for
# half of it. Whoever stalls for as long is taken for dead: its records come again, and the inbox
# passes over them.
SESSION_TIMEOUT_MS = {"kafka": 6_000, "embedded": 2_000}


@dataclass(frozen=True, slots=True)
class Feed:
    """Some topics that one consumer group reads, and how many records it takes in together."""

    topics: Sequence[str]
    records: int = MAX_RECORDS
    group_suffix: str = ""


class _WaitingConsumer(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka has no types
    """Waits for records a whole second, where FastStream asks it to wait PAUSE_AFTER_NOTHING_MS.

    FastStream takes one time for two things: how long it waits for records, and how long it sleeps
    when none came. A long one would let records wait out the sleep; a short one makes a subscriber
    at rest look fifty times a second, which takes two in a hundred of a processor. So FastStream
    is told the short one, for its sleep, and the wait is made long here.
    """

    async def getmany(self, *partitions: Any, timeout_ms: int = 0, **limits: Any) -> Any:
        return await super().getmany(*partitions, timeout_ms=max(timeout_ms, WAIT_MS), **limits)


class _EmbeddedBusConsumer(_WaitingConsumer):
    """Does not wait beyond the end of a log that was longer once."""

    async def getmany(self, *partitions: Any, timeout_ms: int = 0, **limits: Any) -> Any:
        found = await super().getmany(*partitions, timeout_ms=timeout_ms, **limits)
        if not found:
            await begin_again_beyond_the_end(self)
        return found


CONSUMERS = {"kafka": _WaitingConsumer, "embedded": _EmbeddedBusConsumer}


class Subscriber:
    """Feeds an intake from the bus. The offset is committed after the effect, never before."""

    def __init__(self, settings: ServiceSettings, service: str, intake: Intake, feed: Feed) -> None:
        self._settings = settings
        self._service = service
        self._intake = intake
        self._feed = feed
        self.started = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled."""
        await self._have_topics()
        broker = self._broker()
        await broker.connect()
        broker.config.broker_config.builder = partial(
            CONSUMERS[self._settings.bus_kind],
            bootstrap_servers=self._settings.bus_servers,
            request_timeout_ms=bus.REQUEST_TIMEOUT_MS,
        )
        try:
            # Starting takes seconds: a service that stops meanwhile closes what is half open.
            await asyncio.gather(*(subscriber.start() for subscriber in broker.subscribers))
            self.started.set()
            await asyncio.Event().wait()
        finally:
            self.started.clear()
            await broker.stop()

    def _broker(self) -> KafkaBroker:
        broker = KafkaBroker(
            self._settings.bus_servers,
            client_id=self._service,
            consumer_only=True,  # the relay is what sends
            logger=None,
            # Injection takes a thread for each batch. Without it the handler is given what the
            # decoder returns: the message.
            apply_types=False,
        )
        holder: dict[str, Any] = {}
        bus_kind = self._settings.bus_kind
        subscriber = broker.subscriber(
            *self._feed.topics,
            group_id=(self._settings.consumer_group or self._service) + self._feed.group_suffix,
            batch=True,
            max_records=self._feed.records,
            batch_timeout_ms=PAUSE_AFTER_NOTHING_MS,
            fetch_max_wait_ms=self._settings.bus_fetch_wait_ms or FETCH_WAIT_MS[bus_kind],
            auto_offset_reset="earliest",
            session_timeout_ms=SESSION_TIMEOUT_MS[bus_kind],
            heartbeat_interval_ms=SESSION_TIMEOUT_MS[bus_kind] // 3,
            ack_policy=AckPolicy.MANUAL,
            parser=_keep_raw(holder),
            decoder=_as_it_is,
        )
        holder["subscriber"] = subscriber
        subscriber(self._on_batch())
        return broker

    def _on_batch(self) -> Callable[..., Awaitable[None]]:
        async def take_in(message: KafkaAckableMessage) -> None:
            message.clear_cache()  # it holds itself there, with all its records
            try:
                await self._intake.take_in([_record(raw) for raw in message.raw_message])
            except Exception as error:
                if not database_is_away(error):
                    log.exception("intake_failed")
                else:
                    log.warning("database_away", error=repr(error))
                await asyncio.sleep(PAUSE_WHEN_DATABASE_AWAY_SECONDS)
                await message.nack()
                return
            await self._acknowledge(message)

        return take_in

    async def _acknowledge(self, message: KafkaAckableMessage) -> None:
        """Commit the offsets. If that fails the batch comes again, and the inbox passes it over."""
        try:
            async with asyncio.timeout(ACKNOWLEDGEMENT_SECONDS):
                await message.ack()
        except KafkaError as error:
            # The partition went to another copy meanwhile.
            log.info("acknowledgement_refused", error=repr(error))
        except TimeoutError:
            # The client tries for ever. A bus that came back empty takes records of topics that
            # it does not have, but no offsets of them.
            log.warning("acknowledgement_late")
            await self._have_topics()

    async def _have_topics(self) -> None:
        await bus.wait_for_topics(
            self._settings.bus_servers, topics.ALL, replicas=self._settings.bus_replicas
        )


def _keep_raw(holder: dict[str, Any]) -> Callable[[Any], Awaitable[Any]]:
    """A parser that leaves headers and bodies alone: a bad one is judged by the intake."""

    async def parse(records: Any) -> Any:
        return KafkaAckableMessage(
            body=b"", headers={}, raw_message=records, consumer=holder["subscriber"].consumer
        )

    return parse


async def _as_it_is(message: KafkaAckableMessage) -> KafkaAckableMessage:
    return message


def _record(raw: Any) -> Record:
    return Record(
        topic=raw.topic,
        key=printable(raw.key),
        headers=tuple((printable(name), value or b"") for name, value in raw.headers),
        body=raw.value or b"",
    )
