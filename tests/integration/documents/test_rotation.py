"""The master key changes while the service runs, and is killed on the way."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from contracts.roles import OPERATOR
from deploy.postgres import EmbeddedPostgres
from services.chassis.auth import Caller
from services.chassis.clock import utc_now
from services.chassis.testing import eventually, guardian
from services.documents import repository
from services.documents.main import application
from services.documents.settings import DocumentsSettings
from services.documents.storage import STORAGE
from tests.conftest import BUS_KIND, Keys, free_port
from tests.integration.documents.conftest import (
    LIGHT_PASSPHRASES,
    MASTER_KEY,
    TOWN,
    Archive,
    Home,
    family_file,
)
from tests.integration.documents.test_vault import PASSPHRASE, Parent, parent_of
from tests.unit.documents.builders import pdf

NEW_KEY = "YW5vdGhlciBtYXN0ZXIga2V5LCBvZiAzMiBieXRlcy4="
OPERATING = Caller(frozenset({OPERATOR}))
FAMILIES = 300
BATCH = 40


@dataclass
class Town:
    """A documents service that can be started with one master key or another."""

    start: Any
    database_url: str
    folder: Path

    @asynccontextmanager
    async def running(self, master_key: str, previous: str | None = None) -> AsyncIterator[Archive]:
        async with await self.start(
            "documents",
            application,
            DocumentsSettings,
            database_url=self.database_url,
            storage_url=self.folder.as_uri(),
            master_key=master_key,
            **TOWN,
            previous_master_key=previous,
            options=LIGHT_PASSPHRASES,
        ) as service:
            yield Archive(service, self.folder)


@pytest.fixture
async def town(start_service: Any, postgres: EmbeddedPostgres, tmp_path: Path) -> Town:
    return Town(start_service, await postgres.create(f"rotation_{free_port()}"), tmp_path / "files")


async def test_a_rotation_that_is_killed_goes_on_and_everything_opens_meanwhile(
    town: Town, keys: Keys, bus: str
) -> None:
    async with town.running(MASTER_KEY) as archive:
        homes = [await a_home_with_a_document(archive) for _ in range(3)]
        parent = parent_of(archive)
        await parent.make()
        await parent.put_in(b"notes")
        await many_families(archive)
    async with killed_in_the_middle(town, keys, bus):
        pass
    async with town.running(NEW_KEY, previous=MASTER_KEY) as archive:
        shown = (await archive.service.get("/key-rotation", OPERATING)).json
        assert shown["current"] >= BATCH
        assert shown["previous"] > 0
        await everything_opens(archive, homes, parent)
        while shown["previous"]:
            shown = (await archive.service.post("/key-rotation", OPERATING, json={})).json
        assert shown["unknown"] == 0
    async with town.running(NEW_KEY) as archive:
        await everything_opens(archive, homes, parent)


async def test_without_a_previous_key_there_is_nothing_to_do(archive: Archive, home: Home) -> None:
    await archive.deposit(home.guardian, pdf())
    shown = (await archive.service.post("/key-rotation", OPERATING, json={})).json
    assert (shown["rewrapped"], shown["previous"], shown["unknown"]) == (0, 0, 0)


async def test_keys_under_a_master_key_that_is_gone_are_told(town: Town) -> None:
    async with town.running(MASTER_KEY) as archive:
        await a_home_with_a_document(archive)
    async with town.running(NEW_KEY) as archive:
        shown = (await archive.service.get("/key-rotation", OPERATING)).json
        assert (shown["current"], shown["unknown"]) == (0, 1)


async def test_only_the_operator_changes_keys(archive: Archive) -> None:
    assert (await archive.service.post("/key-rotation", guardian(uuid4()), json={})).status == 403


async def a_home_with_a_document(archive: Archive) -> tuple[Home, str]:
    family_id, child_id = uuid4(), uuid4()
    await archive.service.tell(family_file(family_id, 1, child_id))
    home = Home(family_id, child_id, guardian(family_id))
    return home, (await archive.deposit(home.guardian, pdf())).json["document_id"]


async def many_families(archive: Archive) -> None:
    master_key = archive.service.app[STORAGE].master_key
    async with archive.service.database.transaction() as connection:
        for _ in range(FAMILIES):
            family_id = uuid4()
            key = master_key.new_family_key(family_id)
            await repository.keep_family_key(connection, family_id, key)


async def everything_opens(archive: Archive, homes: list[tuple[Home, str]], parent: Parent) -> None:
    for home, document_id in homes:
        assert (await archive.read(home.guardian, document_id)).body == pdf()
    again = Parent(archive, parent.caller)
    assert (await again.unlock(PASSPHRASE)).status == 200
    assert len(await again.listed()) == 1


def environment_of(town: Town, keys: Keys, bus: str, port: int) -> dict[str, str]:
    """The service's settings in the middle of a change of its master key."""
    settings = {
        "PORT": port,
        "DATABASE_URL": town.database_url,
        "BUS_SERVERS": bus,
        "BUS_KIND": BUS_KIND,
        "CONSUMER_GROUP": "rotation",
        "CALLER_PUBLIC_KEY": keys.public,
        "STORAGE_URL": town.folder.as_uri(),
        "MASTER_KEY": NEW_KEY,
        "PREVIOUS_MASTER_KEY": MASTER_KEY,
        **{name.upper(): value for name, value in TOWN.items()},
    }
    return {**os.environ, **{f"PORTAIL_{name}": str(v) for name, v in settings.items()}}


@asynccontextmanager
async def killed_in_the_middle(town: Town, keys: Keys, bus: str) -> AsyncIterator[None]:
    """A process of its own begins the rotation and ends by SIGKILL at its second batch."""
    port = free_port()
    environment = environment_of(town, keys, bus, port)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.documents.main", env=environment
    )
    try:
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{port}"
            await eventually(lambda: answers(session, url), what="the service being ready")
            headers = {"Authorization": f"Bearer {keys.signer.sign(OPERATING, utc_now())}"}
            rotation = f"{url}/key-rotation"
            async with session.post(rotation, json={"batch": BATCH}, headers=headers) as answer:
                assert (await answer.json())["rewrapped"] == BATCH
            second = asyncio.create_task(
                session.post(rotation, json={"batch": BATCH}, headers=headers)
            )
            await asyncio.sleep(0)
            process.send_signal(signal.SIGKILL)
            with suppress(aiohttp.ClientError):
                (await second).release()
            yield
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def answers(session: aiohttp.ClientSession, url: str) -> bool:
    with suppress(aiohttp.ClientError):
        async with session.get(f"{url}/healthz") as answer:
            return answer.status == 200
    return False
