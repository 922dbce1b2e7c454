"""The PostgreSQL of the launcher keeps what it committed, and keeps services apart."""

from pathlib import Path

import asyncpg
import pytest

from deploy.postgres import EmbeddedPostgres
from tests.conftest import free_port


async def test_what_was_committed_survives_a_power_cut(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data", free_port())
    server.start()
    try:
        url = await server.create("billing")
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE invoice AS SELECT 1 AS number")

        server.kill()
        server.start()

        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT number FROM invoice") == 1
        await connection.close()
    finally:
        server.stop()


async def test_a_service_cannot_open_the_database_of_another(postgres: EmbeddedPostgres) -> None:
    own = await postgres.create("deploy_own")
    await postgres.create("deploy_other")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(own.removesuffix("deploy_own") + "deploy_other")


async def test_making_a_database_again_keeps_it(postgres: EmbeddedPostgres) -> None:
    url = await postgres.create("deploy_again")
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept ()")
    await connection.close()

    assert await postgres.create("deploy_again") == url

    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT to_regclass('kept')")
    await connection.close()


async def test_a_commit_is_on_disk_before_it_is_answered(postgres: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(postgres.admin_url)
    assert await connection.fetchval("SHOW fsync") == "on"
    assert await connection.fetchval("SHOW synchronous_commit") == "on"
    await connection.close()


async def test_nobody_comes_in_without_a_password(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host="127.0.0.1", port=postgres.port, user="postgres", password="guess"
        )
