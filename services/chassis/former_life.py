"""Positions of a bus's former life, which the embedded one believes when it came back empty.

Apache Kafka keeps its log, and refuses a position beyond the log's end. The embedded bus takes one,
and lets its reader wait there until the new log is as long: what comes before would be lost to it.
Reading twice does no harm, for the inbox passes over what had its effect.
"""

from collections.abc import Callable, Collection, Mapping

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

log = structlog.get_logger()


async def begin_again_beyond_the_end(
    consumer: AIOKafkaConsumer, positions: Mapping[TopicPartition, int]
) -> bool:
    """Read partitions from their beginning whose log ends before the position; whether any does."""
    ends = await consumer.end_offsets(list(positions))
    forgotten = [partition for partition, at in positions.items() if at > ends[partition]]
    if forgotten:
        log.warning("bus_has_forgotten", partitions=len(forgotten))
        await consumer.seek_to_beginning(*forgotten)
    return bool(forgotten)


class BeginAgain(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Looks at what was acknowledged of the partitions that a consumer is given."""

    def __init__(self, consumer: Callable[[], AIOKafkaConsumer]) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Nothing: what was taken in is acknowledged already."""

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Begin again where the bus ends before what was acknowledged."""
        consumer = self._consumer()
        acknowledged = {partition: await consumer.committed(partition) for partition in assigned}
        known = {partition: at for partition, at in acknowledged.items() if at is not None}
        if known:
            await begin_again_beyond_the_end(consumer, known)
