"""Both buses: they start, say when they cannot, and carry events."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from contracts import topics
from deploy.bus import EmbeddedBus, ensure_topics
from deploy.errors import LaunchError
from deploy.kafka_server import KafkaServer, fetch_jars, find_java
from deploy.state import KAFKA_JARS
from services.chassis.bus import wait_for_topics
from tests.conftest import free_port

TOPIC = "portail.billing"


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    bus = EmbeddedBus(free_port(), tmp_path / "bus.log")
    bus.start()
    try:
        with pytest.raises(LaunchError, match=str(bus.port)):
            EmbeddedBus(bus.port, tmp_path / "second.log").start()
    finally:
        bus.stop()


async def test_topics_are_there_again_after_the_embedded_bus_lost_them(tmp_path: Path) -> None:
    bus = EmbeddedBus(free_port(), tmp_path / "bus.log")
    bus.start()
    try:
        await ensure_topics(bus.bootstrap, topics.ALL)
        bus.kill()
        bus.start()
        await ensure_topics(bus.bootstrap, topics.ALL)
        await ensure_topics(bus.bootstrap, topics.ALL)
    finally:
        bus.stop()


async def test_a_real_kafka_keeps_acknowledged_events_through_a_kill(tmp_path: Path) -> None:
    try:
        find_java()
        fetch_jars(KAFKA_JARS)
    except LaunchError as error:
        pytest.skip(f"NO REAL KAFKA: {error}")
    kafka = KafkaServer(tmp_path, free_port())
    kafka.start()
    try:
        await asyncio.wait_for(wait_for_topics(kafka.bootstrap, topics.ALL), 30)
        await _send(kafka.bootstrap, 200)
        kafka.kill()
        kafka.start()
        assert await _receive(kafka.bootstrap, 200) == list(range(200))
    finally:
        kafka.stop()


async def _send(bootstrap: str, count: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    sent = [await producer.send(TOPIC, str(n).encode(), key=b"family") for n in range(count)]
    await asyncio.gather(*sent)
    await producer.stop()


async def _receive(bootstrap: str, count: int) -> list[int]:
    consumer = AIOKafkaConsumer(
        TOPIC, bootstrap_servers=bootstrap, group_id="reader", auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        return [int((await consumer.getone()).value) for _ in range(count)]
    finally:
        await consumer.stop()
