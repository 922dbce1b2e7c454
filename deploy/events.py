"""`portail events`: what passes on the bus, as it passes."""

import asyncio
import json
import logging
import signal
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from contracts import topics
from contracts.catalogue import EVENTS
from contracts.envelope import Attributes, MalformedEvent
from contracts.events.audit import AccessRefused, StaffActed
from contracts.publish import DESCRIBED
from deploy.errors import LaunchError

# On these no body is personal: a contract test holds the public events to it.
PUBLIC: Final = frozenset(event.topic() for event in EVENTS if not event.private)
MASKED: Final = "•••"
# What of a private event says nothing of a person: which operation, and how it ended.
OPERATION: Final = frozenset({"service", "action", "label", "outcome", "refusal"})
PLAIN: Final = {StaffActed.type_name(): OPERATION, AccessRefused.type_name(): OPERATION}
# A bus that starts anew is back sooner.
GONE_SECONDS: Final = 5.0
LOOK_AGAIN_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: the events of these topics whose type holds this text; "" is every type."""

    topics: Collection[str] = tuple(topics.ALL)
    type: str = ""

    @property
    def is_known(self) -> bool:
        """Whether a described event has such a type."""
        return any(self.type in event.type_name() for event in DESCRIBED)


async def watch(
    servers: str, wanted: Wanted, show: Callable[[str], None], *, bodies: bool, ready: str
) -> None:
    """Show each event from now on, until SIGINT or SIGTERM.

    Raises LaunchError without a bus, also when it goes and is not back soon.
    `ready` is shown once nothing that comes will be missed. With `bodies` personal data is shown.
    """
    # Else a bus that is away would be complained of twenty times a second.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await _first_of(stopped.wait(), _watch(servers, wanted, show, bodies=bodies, ready=ready))


async def _watch(
    servers: str, wanted: Wanted, show: Callable[[str], None], *, bodies: bool, ready: str
) -> None:
    async with _from_now_on(servers, wanted.topics) as consumer:
        show(ready)
        await _first_of(_show_all(consumer, wanted, show, bodies=bodies), _until_gone(servers))


async def _first_of(*works: Coroutine[Any, Any, object]) -> None:
    """Wait for the first of these to end, and end the others. Raises what that one raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()


async def _until_gone(servers: str) -> None:
    """The reader itself waits for ever. Raises LaunchError once no server answers any more."""
    loop = asyncio.get_running_loop()
    answered = loop.time()
    while loop.time() - answered < GONE_SECONDS:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        if await _is_there(servers):
            answered = loop.time()
    raise LaunchError(f"the bus at {servers} is gone; `portail up` starts it again")


async def _is_there(servers: str) -> bool:
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        try:
            async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                _, writer = await asyncio.open_connection(host, int(port))
        except OSError:  # also when it takes too long
            continue
        writer.close()
        return True
    return False


def described(record: "ConsumerRecord[bytes, bytes]", wanted: Wanted, *, bodies: bool) -> str:
    """The event's attributes in two lines and its body in a third; "" when it is not wanted."""
    where = f"{record.topic}  key {(record.key or b'').decode(errors='replace')}"
    try:
        attributes = Attributes.from_headers([(n, value or b"") for n, value in record.headers])
    except MalformedEvent as fault:
        return "" if wanted.type else f"{where}\n    {fault}"
    if wanted.type not in attributes.type:
        return ""
    told = f"id {attributes.id}  from {attributes.source}  correlation {attributes.correlation_id}"
    is_shown = bodies or record.topic in PUBLIC
    plain = PLAIN.get(attributes.type, frozenset())
    body = _body(record.value or b"", is_shown=is_shown, plain=plain)
    return f"{attributes.time.isoformat()}  {attributes.type}  {where}\n    {told}\n    {body}"


def masked(value: Any) -> Any:
    """The value with nothing of a person left: ids, yes and no, what is absent."""
    if isinstance(value, Mapping):
        return {name: masked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return value if value is None or isinstance(value, bool) or _is_id(value) else MASKED


def _is_id(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _body(content: bytes, *, is_shown: bool, plain: Collection[str]) -> str:
    try:
        body = json.loads(content)
    except ValueError:
        return f"{len(content)} bytes that are no JSON"
    if not is_shown:
        kept = {name: body[name] for name in plain if name in body}
        body = {**masked(body), **kept} if kept else masked(body)
    return json.dumps(body, ensure_ascii=False)


@asynccontextmanager
async def _from_now_on(servers: str, names: Collection[str]) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader of these topics alone: it is of no group, so it takes nothing from any."""
    # A bus that forgot everything begins again, and so do we.
    consumer = AIOKafkaConsumer(
        *names, bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        try:
            await consumer.start()
            # Each by its number: `seek_to_end` would race with the beginning, the default here.
            for partition, end in (await consumer.end_offsets(consumer.assignment())).items():
                consumer.seek(partition, end)
        except UnknownTopicOrPartitionError as error:
            raise LaunchError(f"the bus at {servers} lacks one of {', '.join(names)}") from error
        except KafkaError as error:
            raise LaunchError(f"the bus at {servers} does not answer: {error}") from error
        yield consumer
    finally:
        # When the bus is gone it cancels what is on its way to it, and then says so of itself.
        with suppress(asyncio.CancelledError):
            await consumer.stop()


async def _show_all(
    consumer: AIOKafkaConsumer, wanted: Wanted, show: Callable[[str], None], *, bodies: bool
) -> None:
    async for record in consumer:
        if text := described(record, wanted, bodies=bodies):
            show(text)
