"""A database for the state machines of hypothesis, whose rules cannot await."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from deploy.postgres import EmbeddedPostgres
from services.chassis import database
from services.chassis.database import CHASSIS_MIGRATIONS, Connection, Database

T = TypeVar("T")


class Base:
    """A service's database, and a loop in which a machine without await may use it."""

    def __init__(self, postgres: EmbeddedPostgres, name: str, migrations: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self.database: Database = self.run(self._open(postgres, name, migrations))

    async def _open(self, postgres: EmbeddedPostgres, name: str, migrations: Path) -> Database:
        opened = await database.connect(await postgres.create(name), pool_size=2)
        await database.migrate(opened, CHASSIS_MIGRATIONS, migrations)
        self._tables = await _left_empty(opened)
        return opened

    def empty(self) -> None:
        """Empty every table that the migrations left empty: each run begins with nothing."""
        tables = ", ".join(self._tables)
        self.command(lambda c: c.execute(f"TRUNCATE {tables} RESTART IDENTITY"))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of this work."""
        return self._loop.run_until_complete(work)

    def command(self, act: Callable[[Connection], Awaitable[T]]) -> T:
        """The result of this command, in a transaction of its own."""

        async def in_transaction() -> T:
            async with self.database.transaction() as connection:
                return await act(connection)

        return self.run(in_transaction())

    def close(self) -> None:
        """Close the database and the loop."""
        self.run(self.database.close())
        self._loop.close()


async def _left_empty(opened: Database) -> list[str]:
    async with opened.connection() as connection:
        rows = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        return [
            row["tablename"]
            for row in rows
            if not await connection.fetchval(f'SELECT EXISTS (SELECT FROM "{row["tablename"]}")')  # noqa: S608 - our own tables
        ]
