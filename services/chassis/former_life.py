"""Positions of a bus's former life, which the embedded one believes when it came back empty.

Apache Kafka keeps its log, and refuses a position beyond the log's end. The embedded bus lets a
reader wait there until the new log is as long: what comes before would be lost to it. Reading twice
does no harm, for the inbox passes over what had its effect.
"""

import structlog
from aiokafka import AIOKafkaConsumer

log = structlog.get_logger()


async def begin_again_beyond_the_end(consumer: AIOKafkaConsumer) -> None:
    """Read a partition from its beginning when the last answer says that it ends before us.

    That answer is believed, and no question for the end of a log: to those the embedded bus tells
    where the last batch begins.
    """
    for partition in consumer.assignment():
        end = consumer.highwater(partition)
        if end is not None and await consumer.position(partition) > end:
            log.warning("bus_has_forgotten", topic=partition.topic, partition=partition.partition)
            await consumer.seek_to_beginning(partition)
