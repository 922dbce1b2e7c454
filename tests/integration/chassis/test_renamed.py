"""Ids that another one stands for: followed through any chain, in whatever order it is heard of."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from deploy.postgres import EmbeddedPostgres
from services.chassis import renamed
from services.chassis.database import CHASSIS_MIGRATIONS, Database, connect, migrate
from services.chassis.testing import eventually


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    """A database with the chassis's own tables."""
    made = await connect(await postgres.create("renamed"), pool_size=6)
    await migrate(made, CHASSIS_MIGRATIONS)
    yield made
    await made.close()


async def test_an_id_is_itself_until_another_stands_for_it(database: Database) -> None:
    old, new = uuid4(), uuid4()
    async with database.transaction() as connection:
        assert await renamed.present_one(connection, old) == old
        assert await renamed.rename(connection, {old: new}) == {old: new}
        assert await renamed.present(connection, [old, new, old]) == {old: new, new: new}


async def test_a_chain_is_followed_whichever_link_comes_first(database: Database) -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    async with database.transaction() as connection:
        await renamed.rename(connection, {second: third})
        assert await renamed.rename(connection, {first: second}) == {first: third}
    early, middle, late = uuid4(), uuid4(), uuid4()
    async with database.transaction() as connection:
        await renamed.rename(connection, {early: middle})
        await renamed.rename(connection, {middle: late})
        assert await renamed.present_one(connection, early) == late
        assert await renamed.present_one(connection, first) == third


async def test_whoever_writes_under_an_id_is_waited_for(database: Database) -> None:
    old, new = uuid4(), uuid4()
    order: list[str] = []

    async def rename() -> None:
        async with database.transaction() as connection:
            await renamed.rename(connection, {old: new})
            order.append("renamed")

    async with database.transaction() as connection:
        await renamed.present_one(connection, old)
        waiting = asyncio.create_task(rename())

        async def is_waiting() -> bool:
            return bool(
                await connection.fetchval(
                    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND objid = $1)",
                    renamed.RENAMING,
                )
            )

        await eventually(is_waiting, what="the renaming waiting for its turn")
        order.append("written")
    await waiting
    assert order == ["written", "renamed"]
