"""A service brings its database up to date at its start, and refuses one that it cannot trust."""

from pathlib import Path
from uuid import uuid4

import pytest
from aiohttp import web

from deploy.postgres import EmbeddedPostgres
from services.chassis.app import service_application
from services.chassis.database import MigrationChanged
from services.chassis.settings import ServiceSettings
from services.chassis.testing import RunningService
from tests.conftest import StartService

HEARD = "CREATE TABLE heard (version integer);"


class Upgraded:
    """A service with one database and migrations that a test adds to, started again and again."""

    def __init__(self, start: StartService, folder: Path, database_url: str) -> None:
        self._start, self._folder, self._url = start, folder, database_url
        folder.mkdir(parents=True)

    def write(self, name: str, sql: str) -> None:
        (self._folder / name).write_text(sql, encoding="utf-8")

    async def applied(self) -> list[str]:
        """Start; return the service's own migrations that the database has, in order."""

        def application(settings: ServiceSettings) -> web.Application:
            return service_application(
                name="billing", settings=settings, endpoints=(), migrations=self._folder
            )

        async with await self._start("billing", application, database_url=self._url) as service:
            return await _applied(service)


async def _applied(service: RunningService) -> list[str]:
    async with service.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT name FROM schema_migration WHERE name LIKE 'upgraded/%' ORDER BY name"
        )
    return [row["name"] for row in rows]


@pytest.fixture
async def upgraded(
    start_service: StartService, postgres: EmbeddedPostgres, tmp_path: Path
) -> Upgraded:
    url = await postgres.create(f"upgraded_{uuid4().hex}")
    return Upgraded(start_service, tmp_path / "upgraded" / "migrations", url)


async def test_a_new_migration_is_applied_at_the_next_start_and_no_other_again(
    upgraded: Upgraded,
) -> None:
    upgraded.write("0001_heard.sql", HEARD)
    assert await upgraded.applied() == ["upgraded/0001_heard.sql"]
    # Applied twice, the first would fail: its table exists.
    upgraded.write("0002_when.sql", "ALTER TABLE heard ADD COLUMN at timestamptz;")
    assert await upgraded.applied() == ["upgraded/0001_heard.sql", "upgraded/0002_when.sql"]


async def test_a_service_whose_applied_migration_was_edited_does_not_start(
    upgraded: Upgraded,
) -> None:
    upgraded.write("0001_heard.sql", HEARD)
    await upgraded.applied()
    upgraded.write("0001_heard.sql", HEARD.replace("integer", "bigint"))
    upgraded.write("0002_when.sql", "ALTER TABLE heard ADD COLUMN at timestamptz;")
    with pytest.raises(MigrationChanged, match=r"upgraded/0001_heard\.sql was changed"):
        await upgraded.applied()

    # Put back as it was, the service starts, and what is new is applied now.
    upgraded.write("0001_heard.sql", HEARD)
    assert await upgraded.applied() == ["upgraded/0001_heard.sql", "upgraded/0002_when.sql"]
