"""Rounds of baskets in turn: through the gateway, and at a bare handler."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID

import aiohttp

from deploy.bench.journey import until_it_answers
from deploy.bench.measure import Request, Round, burst, spread, summary
from deploy.bench.opening_town import WISHES, Wish
from deploy.demo.portal import LoadFailed
from deploy.trial import TrialTown

PAIRS = 4
# One round of a pair: so large a part of the families books once more.
ROUND_SHARE = 5


def round_sizes(families: int) -> list[int]:
    """Baskets in each round: a warm-up, the pairs, then half and double the size."""
    size = max(1, families // ROUND_SHARE)
    return [size] * (PAIRS + 1) + [max(1, size // 2), min(size * 2, families)]


async def compare(
    sides: "Sides", contests: Sequence[Sequence[Wish]], tell: Callable[[str], None]
) -> dict[str, Any]:
    """Rounds in turn, A B A B, after a warm-up; then at half and at double size."""
    rounds: dict[str, list[Round]] = {"gateway": [], "bare": []}
    for number, wishes in enumerate(contests[: PAIRS + 1]):
        tell(f"round {number} of {PAIRS}" if number else "warming up")
        rounds["gateway"].append(await burst([sides.gateway(wish) for wish in wishes]))
        rounds["bare"].append(await burst([sides.bare(wish) for wish in wishes]))
    tell("half and double size")
    growth = [await burst([sides.gateway(w) for w in c]) for c in contests[PAIRS + 1 :]]
    warm = {name: done[1:] for name, done in rounds.items()}
    return {
        "baskets": {name: summary(done) for name, done in warm.items()},
        "bookings_per_second": {
            name: spread([r.per_second * WISHES for r in done]) for name, done in warm.items()
        },
        "ratio_to_bare": spread(
            [a.per_second / b.per_second for a, b in zip(*warm.values(), strict=True)]
        ),
        "growth_through_gateway": {str(r.requests): asdict(r) for r in growth},
    }


class Sides:
    """The two ways to book a basket: through the gateway, and at the bare handler."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        gateway_url: str,
        bare_url: str,
        tokens: Mapping[UUID, str],
    ) -> None:
        self._session = session
        self._gateway = f"{gateway_url}/api/v1/reservations"
        self._bare = bare_url
        self._tokens = tokens

    def gateway(self, wish: Wish) -> Request:
        """As a parent's phone does it."""
        headers = {"Authorization": f"Bearer {self._tokens[wish.household.family_id]}"}
        return lambda: self._send(self._gateway, {"items": wish.items}, headers)

    def bare(self, wish: Wish) -> Request:
        """As the least program would do it."""
        body = {"items": wish.items, "family_id": str(wish.household.family_id)}
        return lambda: self._send(self._bare, body, {})

    async def _send(self, url: str, body: Any, headers: dict[str, str]) -> bool:
        async with self._session.post(url, json=body, headers=headers) as answer:
            if answer.status != 200:
                raise LoadFailed(f"{url}: {answer.status} {(await answer.text())[:300]}")
            return b'"refused"' not in await answer.read()


@asynccontextmanager
async def bare_handler(town: TrialTown) -> AsyncIterator[str]:
    """The bare handler in a process of its own, beside the service and on the same server."""
    port = town.ports.of_copy(0)
    environment = {
        **os.environ,
        "BASELINE_PORT": str(port),
        "BASELINE_DATABASE_URL": town.database_url("reservations"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.bench.basket", env=environment, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        async with aiohttp.ClientSession() as session:
            await until_it_answers(session, url)
        yield url
    finally:
        process.terminate()
        await process.wait()
