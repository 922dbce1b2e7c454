"""The ways to reserve that are held against each other, and the bare handlers' processes."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import aiohttp

from deploy.bench.bare import until_it_answers
from deploy.bench.measure import Request
from deploy.demo.portal import LoadFailed
from deploy.demo.services import guardian
from deploy.trial import TrialTown
from services.chassis.http_client import CallerTokens


@dataclass(frozen=True, slots=True)
class Basket:
    """What a parent reserves at once, as the API takes it, and the token to do it with."""

    family_id: UUID
    token: str
    items: Sequence[Mapping[str, str]]


class Sides:
    """Three ways to reserve: through the gateway, at the service, at the bare handler."""

    def __init__(self, town: TrialTown, session: aiohttp.ClientSession, bare_url: str) -> None:
        self._gateway = town.ports.url("gateway") + "/api/v1/reservations"
        self._service = town.ports.url("reservations") + "/reservations"
        self._bare = bare_url
        self._session = session
        self._tokens = CallerTokens(town.signer)

    def gateway(self, basket: Basket) -> Request:
        """As a parent's phone does it."""
        return lambda: self._send(self._gateway, basket, basket.token)

    def service(self, basket: Basket) -> Request:
        """As the gateway does it."""
        token = self._tokens.token(guardian(basket.family_id))
        return lambda: self._send(self._service, basket, token)

    def bare(self, basket: Basket) -> Request:
        """As the least program would do it, which is told the family instead of a token."""
        family = {"family_id": str(basket.family_id)}
        return lambda: self._send(self._bare, basket, "", **family)

    async def _send(self, url: str, basket: Basket, token: str, **more: str) -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        body = {"items": basket.items, **more}
        async with self._session.post(url, json=body, headers=headers) as answer:
            if answer.status != 200:
                raise LoadFailed(f"{url}: {answer.status} {(await answer.text())[:300]}")
            return b'"refused"' not in await answer.read()


@asynccontextmanager
async def bare_handler(
    town: TrialTown, session: aiohttp.ClientSession, module: str
) -> AsyncIterator[str]:
    """A bare handler in a process of its own; its tables lie beside the real ones."""
    port = town.ports.of_copy(0)
    environment = {
        **os.environ,
        "BASELINE_PORT": str(port),
        "BASELINE_DATABASE_URL": town.database_url("reservations"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=environment, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        await until_it_answers(session, url)
        yield url
    finally:
        process.terminate()
        await process.wait()
