"""Many things at once, within bounds."""

import asyncio

import pytest

from deploy.demo.concurrency import AT_ONCE, at_once
from deploy.demo.portal import LoadFailed


async def test_results_come_in_the_order_of_the_items() -> None:
    async def work(number: int) -> int:
        for _ in range(5 - number):
            await asyncio.sleep(0)
        return number * 2

    assert await at_once(range(5), work) == [0, 2, 4, 6, 8]


async def test_no_more_than_agreed_are_under_way() -> None:
    under_way, most = 0, 0

    async def work(_number: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1

    await at_once(range(100), work)
    assert most == AT_ONCE


async def test_the_first_failure_is_raised_as_itself() -> None:
    async def work(number: int) -> None:
        if number == 3:
            raise LoadFailed("the fourth one")

    with pytest.raises(LoadFailed, match="the fourth one"):
        await at_once(range(10), work)
