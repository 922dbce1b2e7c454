"""The service's own PostgreSQL: pool, transactions, forward-only migrations."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

log = structlog.get_logger()

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection  # the stubs know type parameters that the classes lack

CHASSIS_MIGRATIONS = Path(__file__).parent / "migrations"

# Any number will do as long as every copy of the service uses the same one.
MIGRATION_LOCK = 0x706F7274

# Whether whoever commits is a job: what a service does by itself is no news to its jobs.
AT_A_JOB: ContextVar[bool] = ContextVar("at_a_job", default=False)


class MigrationChanged(RuntimeError):
    """A migration that was applied is no longer what it was."""


class Database:
    """A pool of connections to one database, which tells of its commits.

    `committed`, for the relay, is set after each transaction; `news`, for jobs, after those of
    others than jobs.
    """

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self._pool = pool
        self.committed = asyncio.Event()
        self._news: list[asyncio.Event] = []

    def news(self) -> asyncio.Event:
        """An event of the caller's own, set after each transaction but those of jobs."""
        self._news.append(asyncio.Event())
        return self._news[-1]

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection outside any transaction, for reads."""
        async with self._pool.acquire() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction: commits when the block ends, rolls back when it raises."""
        async with self._pool.acquire() as connection, connection.transaction():
            yield connection
        self.announce()

    def announce(self) -> None:
        """Say that something was committed, which `transaction` does by itself."""
        self.committed.set()
        if not AT_A_JOB.get():
            for news in self._news:
                news.set()

    async def close(self) -> None:
        """Give the connections back; those still at work have a moment to finish."""
        try:
            await asyncio.wait_for(self._pool.close(), timeout=5)
        except TimeoutError:
            self._pool.terminate()


async def connect(url: str, *, pool_size: int) -> Database:
    """Open the pool. Raises OSError or asyncpg.PostgresError when the server does not answer."""
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=pool_size,
        init=_set_codecs,
        reset=_leave_as_it_is,
        command_timeout=30,
    )
    return Database(pool)


@asynccontextmanager
async def taken_back(connection: Connection) -> AsyncIterator[None]:
    """What is written inside is taken back when the block ends, whatever becomes of it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def unlock(connection: Connection, key: int) -> None:
    """Give back a session's advisory lock; a connection that cannot is closed, lock and all."""
    try:
        await connection.execute("SELECT pg_advisory_unlock($1)", key)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        with suppress(asyncpg.InterfaceError):  # it was cut off already
            connection.terminate()


async def _leave_as_it_is(_connection: "asyncpg.Connection[Any]") -> None:
    """Requests set no session state, so a reset would be one round trip each for nothing.

    An open transaction is rolled back all the same: asyncpg does that by itself. Who takes a
    session lock gives it back by `unlock`.
    """


async def _set_codecs(connection: "asyncpg.Connection[Any]") -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads
    )


async def migrate(database: Database, *folders: Path) -> None:
    """Apply each folder's numbered .sql files that are new, in order, once.

    Two copies starting together take turns. Raises MigrationChanged when an applied file differs.
    """
    async with database.transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)
        await connection.execute(
            """CREATE TABLE IF NOT EXISTS schema_migration (
                   name text PRIMARY KEY, checksum text NOT NULL,
                   applied_at timestamptz NOT NULL DEFAULT now())"""
        )
        rows = await connection.fetch("SELECT name, checksum FROM schema_migration")
        applied = {row["name"]: row["checksum"] for row in rows}
        for name, sql in _read(folders):
            await _apply(connection, name, sql, applied)


def _read(folders: Sequence[Path]) -> list[tuple[str, str]]:
    files = [file for folder in folders for file in sorted(folder.glob("*.sql"))]
    return [(f"{f.parent.parent.name}/{f.name}", f.read_text(encoding="utf-8")) for f in files]


async def _apply(connection: Connection, name: str, sql: str, applied: dict[str, str]) -> None:
    checksum = hashlib.sha256(sql.encode()).hexdigest()
    if name in applied:
        if applied[name] != checksum:
            raise MigrationChanged(
                f"{name} was changed after it was applied; add a new one instead"
            )
        return
    await connection.execute(sql)
    await connection.execute(
        "INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)", name, checksum
    )
    log.info("migration_applied", name=name)
