"""Runs a real service in the test's own process, on a real database and bus."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import aiohttp
from aiohttp import web
from aiokafka import AIOKafkaProducer

from contracts.envelope import Attributes, Event
from contracts.roles import GUARDIAN
from services.chassis.app import DATABASE
from services.chassis.auth import Caller, CallerSigner
from services.chassis.clock import Clock, utc_now
from services.chassis.database import Database

E = TypeVar("E", bound=Event)

# The first look, soon; then ever later, for what takes long needs the processor that looks take.
POLL_SECONDS, SLOWER, LONGEST_POLL_SECONDS = 0.02, 1.25, 0.25


def guardian(family_id: UUID, account_id: UUID | None = None) -> Caller:
    """A guardian of this family."""
    return Caller(frozenset({GUARDIAN}), account_id or uuid4(), family_id)


def staff(*roles: str) -> Caller:
    """A member of the staff."""
    return Caller(frozenset(roles), uuid4())


async def eventually(
    condition: Callable[[], Awaitable[Any]], *, within: float = 30.0, what: str = "the condition"
) -> Any:
    """Wait until the condition answers something true, and return it. Raises AssertionError."""
    pause = POLL_SECONDS
    try:
        async with asyncio.timeout(within):
            while not (found := await condition()):
                await asyncio.sleep(pause)
                pause = min(pause * SLOWER, LONGEST_POLL_SECONDS)
            return found
    except TimeoutError:
        raise AssertionError(f"{what} did not come to hold within {within} s") from None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answered; `json` is None when the body is no JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body) if "json" in self.headers.get("Content-Type", "") else None


class RunningService:
    """A service that listens on a free port, and the wires to talk to it."""

    def __init__(
        self,
        name: str,
        app: web.Application,
        url: str,
        session: aiohttp.ClientSession,
        signer: CallerSigner,
        producer: AIOKafkaProducer,
    ) -> None:
        self.name, self.app, self.url = name, app, url
        self._session, self._signer, self._producer = session, signer, producer
        # A service whose clock a test moves believes tokens signed at its own time only.
        self.clock: Clock = utc_now

    @property
    def database(self) -> Database:
        """The service's own database."""
        return self.app[DATABASE]

    async def call(
        self,
        method: str,
        path: str,
        caller: Caller,
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Reply:
        """Ask as this caller; options are aiohttp's (json=, data=, params=)."""
        token = self._signer.sign(caller, self.clock())
        signed = {"Authorization": f"Bearer {token}", **(headers or {})}
        async with self._session.request(method, self.url + path, headers=signed, **options) as r:
            return Reply(r.status, r.headers, await r.read())

    async def get(self, path: str, caller: Caller, **options: Any) -> Reply:
        """GET as this caller."""
        return await self.call("GET", path, caller, **options)

    async def post(self, path: str, caller: Caller, **options: Any) -> Reply:
        """POST as this caller."""
        return await self.call("POST", path, caller, **options)

    async def put(self, path: str, caller: Caller, **options: Any) -> Reply:
        """PUT as this caller."""
        return await self.call("PUT", path, caller, **options)

    async def delete(self, path: str, caller: Caller, **options: Any) -> Reply:
        """DELETE as this caller."""
        return await self.call("DELETE", path, caller, **options)

    async def patch(self, path: str, caller: Caller, **options: Any) -> Reply:
        """PATCH as this caller."""
        return await self.call("PATCH", path, caller, **options)

    async def publish(self, *events: Event, event_id: UUID | None = None) -> list[UUID]:
        """Send events over the real bus, as their producer's relay would; return their ids."""
        ids = []
        for event in events:
            attributes = Attributes(
                id=event_id or uuid4(),
                type=event.type_name(),
                source=f"/services/{event.producer}",
                time=datetime.now(UTC),
                correlation_id="test",
            )
            await self.publish_raw(
                event.topic(),
                str(event.key),
                attributes.headers(),
                event.model_dump_json().encode(),
            )
            ids.append(attributes.id)
        return ids

    async def publish_raw(
        self, topic: str, key: str, headers: Sequence[tuple[str, bytes | None]], body: bytes
    ) -> None:
        """Send a record as it is."""
        await self._producer.send_and_wait(topic, body, key=key.encode(), headers=headers)

    async def waits_for_a_lock(self) -> bool:
        """Whether something in the service's database waits for a lock that another holds."""
        async with self.database.connection() as connection:
            waiting = await connection.fetchval(
                """SELECT EXISTS (SELECT FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock')"""
            )
        return bool(waiting)

    async def handled(self, *event_ids: UUID) -> None:
        """Wait until the service has taken these events in."""

        async def all_in_inbox() -> bool:
            async with self.database.connection() as connection:
                found = await connection.fetchval(
                    "SELECT count(*) FROM inbox WHERE event_id = ANY($1)", list(set(event_ids))
                )
            return bool(found == len(set(event_ids)))

        await eventually(all_in_inbox, what=f"{self.name} taking in {event_ids}")

    async def tell(self, *events: Event) -> None:
        """Publish events and wait until they are taken in."""
        await self.handled(*await self.publish(*events))

    async def outbox(self, event: type[E]) -> list[E]:
        """The events of this type that the service has told, oldest first."""
        async with self.database.connection() as connection:
            rows = await connection.fetch(
                "SELECT body FROM outbox WHERE type = $1 ORDER BY position", event.type_name()
            )
        return [event.model_validate_json(row["body"]) for row in rows]


@asynccontextmanager
async def running(
    name: str, app: web.Application, signer: CallerSigner, bus_servers: str
) -> AsyncIterator[RunningService]:
    """Start the application on a free port and wait until it is ready."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    producer = AIOKafkaProducer(bootstrap_servers=bus_servers, acks="all")
    await producer.start()
    try:
        async with aiohttp.ClientSession() as session:

            async def ready() -> bool:
                async with session.get(url + "/readyz") as response:
                    return response.status == 200

            await eventually(ready, what=f"{name} being ready")
            yield RunningService(name, app, url, session, signer, producer)
    finally:
        await producer.stop()
        await runner.cleanup()
