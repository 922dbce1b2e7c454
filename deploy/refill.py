"""Gives a bus that lost everything its events again, from the services' outboxes."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from services.chassis.relay import RELAY_LOCK

# A relay that holds its lock while the bus is away would never let go by itself.
END_RELAY = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database
                                            WHERE datname = current_database())
  AND classid = 0 AND objid = $1 AND granted AND pid <> pg_backend_pid()
"""


@asynccontextmanager
async def all_events_to_tell_again(databases: Iterable[str]) -> AsyncIterator[None]:
    """Hold every relay back and mark all events as untold; relays go on when the block ends.

    Start the empty bus inside the block: the first event that reaches it is then the
    oldest, and each key's events come in the order in which they happened.
    """
    async with AsyncExitStack() as stack:
        held = [await stack.enter_async_context(_connected(url)) for url in databases]
        await asyncio.gather(*(_mark_untold(connection) for connection in held))
        yield


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        yield connection
    finally:
        await connection.close()  # which gives the relay lock back


async def _mark_untold(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    # Lock first: a relay could otherwise still mark events that only the lost bus had.
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", RELAY_LOCK):
        await connection.execute(END_RELAY, RELAY_LOCK)
    if await connection.fetchval("SELECT to_regclass('outbox')"):  # not before the first start
        await connection.execute(
            "UPDATE outbox SET published_at = NULL WHERE published_at IS NOT NULL"
        )
