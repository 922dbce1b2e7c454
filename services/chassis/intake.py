"""Takes events in: each one's effect once, together with its inbox row."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import structlog
from pydantic import ValidationError
from structlog.contextvars import bound_contextvars

from contracts.envelope import Attributes, Event, MalformedEvent
from services.chassis import dead_letters, inbox, personal_data
from services.chassis.database import Connection, Database
from services.chassis.dead_letters import Record
from services.chassis.log import without_data
from services.chassis.telemetry import DEAD_LETTERS, TAKEN_IN

log = structlog.get_logger()

E = TypeVar("E", bound=Event)

# About 1.5 s in all: long enough for a deadlock or a lock timeout to pass, and far below the
# five minutes after which the bus would think this consumer dead.
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.1
# All retries of one batch together: when every event of it fails, the poll limit still holds.
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Subscription:
    """Which function takes in which event: one at a time, or all that come in a row."""

    event: type[Event]
    handler: Callable[[Connection, Any], Awaitable[None]]
    in_rows: bool = False


def on(event: type[E], handler: Callable[[Connection, E], Awaitable[None]]) -> Subscription:
    """`handler(connection, event)` runs in one transaction with the event's inbox row.

    Delivery is at least once and, after a failure, out of order: compare versions.
    """
    return Subscription(event, handler)


def on_row(
    event: type[E], handler: Callable[[Connection, Sequence[E]], Awaitable[None]]
) -> Subscription:
    """The same for events that come in numbers: `handler(connection, events)` takes in a row of
    them, in their order, with as few statements as one.

    One handler of several kinds of event takes in rows of them mixed.
    """
    return Subscription(event, handler, in_rows=True)


def topics_of(subscriptions: Iterable[Subscription]) -> list[str]:
    """The topics that carry these events."""
    return sorted({s.event.topic() for s in subscriptions})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that this service listens to, understood."""

    attributes: Attributes
    event: Event
    record: Record


class Intake:
    """The events that one service listens to, and what it does with each."""

    def __init__(
        self, consumer: str, database: Database, subscriptions: Iterable[Subscription]
    ) -> None:
        self._consumer = consumer
        self._database = database
        self._by_type: Mapping[str, Subscription] = {s.event.type_name(): s for s in subscriptions}

    async def take_in(self, records: Sequence[Record]) -> None:
        """Commit the effect of every record, or set it aside with the reason.

        Raises what the database raises when it is away: then nothing may be acknowledged.
        """
        arrivals = [a for r in records if (a := await self._understand(r)) is not None]
        if not arrivals:
            return
        try:
            await self._take_in_together(arrivals)
        except Exception as error:
            if database_is_away(error):
                raise
            # Which one of them it was shows when each has a transaction of its own.
            log.info("batch_split", events=len(arrivals), reason=without_data(error))
            patience = time.monotonic() + PATIENCE_SECONDS
            for arrival in arrivals:
                await self._take_in_alone(arrival, patience)

    async def replay(self, connection: Connection, record: Record) -> None:
        """Take in a record that was set aside, in the caller's transaction. Raises if it fails."""
        arrival = self._parse(record)
        if arrival and not await personal_data.unwanted(connection, [arrival.event]):
            await self._apply(connection, [arrival])

    async def _understand(self, record: Record) -> Arrival | None:
        try:
            return self._parse(record)
        except MalformedEvent as error:
            await self._set_aside(record, None, str(error), attempts=1)
            return None

    def _parse(self, record: Record) -> Arrival | None:
        """None when this service does not listen to such events. Raises MalformedEvent."""
        attributes = Attributes.from_headers(record.header_texts)
        subscription = self._by_type.get(attributes.type)
        if subscription is None:
            return None
        try:
            event = subscription.event.model_validate_json(record.body)
        except ValidationError as error:
            raise MalformedEvent(f"{attributes.type}: {_summary(error)}") from error
        return Arrival(attributes, event, record)

    async def _take_in_together(self, arrivals: Sequence[Arrival]) -> None:
        async with self._database.transaction() as connection:
            fresh = await inbox.first_time(connection, [a.attributes.id for a in arrivals])
            unwanted = await personal_data.unwanted(connection, [a.event for a in arrivals])
            # The same event may stand twice in one batch.
            news = {a.attributes.id: a for a in arrivals if a.attributes.id in fresh}
            wanted = [a for a in news.values() if a.event not in unwanted]
            await self._apply(connection, wanted)

    async def _take_in_alone(self, arrival: Arrival, patience: float) -> None:
        pause = FIRST_PAUSE_SECONDS
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self._take_in_together([arrival])
                return
            except Exception as error:
                if database_is_away(error):
                    raise
                reason = without_data(error)
                log.warning(
                    "event_failed", attempt=attempt, type=arrival.attributes.type, reason=reason
                )
                if attempt == ATTEMPTS or time.monotonic() > patience:
                    await self._set_aside(
                        arrival.record, arrival.attributes.id, reason, attempts=attempt
                    )
                    return
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
            pause *= 2

    async def _apply(self, connection: Connection, arrivals: Sequence[Arrival]) -> None:
        """In their order, neighbours together where their handler takes rows."""
        for (handler, in_rows), neighbours in groupby(arrivals, self._taken_by):
            if in_rows:
                row = list(neighbours)
                with _bound(row):
                    await handler(connection, [arrival.event for arrival in row])
            else:
                for arrival in neighbours:
                    with _bound([arrival]):
                        await handler(connection, arrival.event)
        for arrival in arrivals:
            TAKEN_IN.labels(arrival.attributes.type).inc()

    def _taken_by(self, arrival: Arrival) -> tuple[Callable[..., Awaitable[None]], bool]:
        subscription = self._by_type[arrival.attributes.type]
        return subscription.handler, subscription.in_rows

    async def _set_aside(
        self, record: Record, event_id: UUID | None, reason: str, *, attempts: int
    ) -> None:
        async with self._database.transaction() as connection:
            if event_id is not None and not await inbox.first_time(connection, [event_id]):
                return
            await dead_letters.set_aside(
                connection, self._consumer, record, event_id, reason, attempts
            )
        DEAD_LETTERS.labels(record.header_texts.get("ce_type", "unknown")).inc()
        log.error("event_set_aside", topic=record.topic, reason=reason)


def _bound(row: Sequence[Arrival]) -> AbstractContextManager[Any]:
    """Logs and further events name what caused them: of several causes, the first."""
    first = row[0].attributes
    return bound_contextvars(event_id=str(first.id), correlation_id=first.correlation_id)


def database_is_away(error: BaseException) -> bool:
    """Whether the failure is the database's absence, which no event is to blame for."""
    if isinstance(error, ValueError):  # asyncpg's client-side DataError: a value that does not fit
        return False
    return isinstance(
        error,
        OSError
        | asyncpg.PostgresConnectionError
        | asyncpg.OperatorInterventionError
        | asyncpg.TooManyConnectionsError
        | asyncpg.InterfaceError,
    )


def _summary(error: ValidationError) -> str:
    """Which fields are wrong, without their values: those may be personal."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['type']}"
        for e in error.errors(include_input=False)
    )
