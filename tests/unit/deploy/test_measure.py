"""A measurement counts what was granted, and tells what was refused."""

import asyncio

from deploy.bench.accounts import paced
from deploy.bench.measure import Request, burst


def answering(granted: bool) -> Request:
    async def ask() -> bool:
        await asyncio.sleep(0.001)
        return granted

    return ask


async def test_a_sign_in_that_was_told_to_wait_is_none() -> None:
    found = await burst([answering(n % 2 == 0) for n in range(20)])
    assert (found.requests, found.refused) == (20, 10)
    alone = await burst([answering(False) for _ in range(20)])
    assert (alone.per_second, alone.p99_ms, alone.refused) == (0, 0, 20)


async def test_a_read_that_was_refused_is_no_fast_one() -> None:
    found = await paced([answering(n != 3) for n in range(8)])
    assert (found.requests, found.refused) == (8, 1)
    assert found.p50_ms > 0
