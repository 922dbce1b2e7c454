"""The Kafka side: topics, and the producer that the relay sends with."""

import asyncio
from collections.abc import Mapping

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from services.chassis.settings import ServiceSettings

# Far above what either bus holds a request back on purpose: group joins, and fetches with nothing
# to tell.
REQUEST_TIMEOUT_MS = 15_000


async def ensure_topics(servers: str, topics: Mapping[str, int], *, replicas: int = 1) -> None:
    """Create the topics that are missing. Raises aiokafka.errors.KafkaError when the bus is away.

    Topics are never left to be created on first use: consumers that subscribed
    before would not be given their partitions.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=REQUEST_TIMEOUT_MS)
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = [
            NewTopic(name, num_partitions=partitions, replication_factor=replicas)
            for name, partitions in topics.items()
            if name not in present
        ]
        if missing:
            answer = await admin.create_topics(missing)
            _raise_unless_created(answer)
    finally:
        await admin.close()


def _raise_unless_created(answer: object) -> None:
    for _topic, code, *_rest in getattr(answer, "topic_errors", ()):
        error = for_code(code)
        # Another process was faster: the topic is there, which is all that was asked.
        if code and error is not TopicAlreadyExistsError:
            raise error()


def producer(settings: ServiceSettings, service: str) -> AIOKafkaProducer:
    """A producer that waits for every replica; idempotent where the broker can do it."""
    return AIOKafkaProducer(
        bootstrap_servers=settings.bus_servers,
        client_id=service,
        acks="all",
        enable_idempotence=settings.bus_kind == "kafka",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        max_batch_size=256 * 1024,
    )


async def wait_for_topics(servers: str, topics: Mapping[str, int], *, replicas: int = 1) -> None:
    """`ensure_topics`, tried again until the bus answers."""
    delay = 0.2
    while True:
        try:
            await ensure_topics(servers, topics, replicas=replicas)
            return
        except (OSError, RuntimeError):
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5.0)
