"""The line before the password checks is closed once it is too long to be borne."""

from contextlib import AsyncExitStack

import pytest

from services.accounts.commands.waiting_line import ALWAYS_LET_IN, USUAL_SECONDS, WaitingLine
from services.accounts.errors import TooBusy


class Watch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_whoever_would_wait_too_long_is_told_when_to_come_back() -> None:
    line = WaitingLine(longest_wait=1.0, places=2)
    async with AsyncExitStack() as stack:
        for _ in range(22):
            await stack.enter_async_context(line.place())
        assert line.expected_wait > 1.0
        with pytest.raises(TooBusy) as refused:
            await stack.enter_async_context(line.place())
        assert refused.value.retry_after == 2
    assert line.expected_wait == 0.0
    async with line.place():
        pass


async def test_the_wait_is_learnt_from_what_checks_take() -> None:
    watch = Watch()
    line = WaitingLine(longest_wait=1.0, places=1, clock=watch)
    for _ in range(30):
        async with line.place():
            watch.now += 0.6
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(line.place())
        assert line.expected_wait == pytest.approx(0.6, rel=0.05)
        for _ in range(ALWAYS_LET_IN - 1):
            await stack.enter_async_context(line.place())
        with pytest.raises(TooBusy):
            await stack.enter_async_context(line.place())


async def test_one_slow_check_closes_no_line() -> None:
    watch = Watch()
    line = WaitingLine(longest_wait=5.0, places=2, clock=watch)
    async with line.place():
        watch.now += 30.0
    assert line.expected_wait == 0.0
    async with AsyncExitStack() as stack:
        for _ in range(40):
            await stack.enter_async_context(line.place())


async def test_a_check_that_fails_leaves_the_line_too() -> None:
    line = WaitingLine(longest_wait=USUAL_SECONDS / 2, places=1)
    for _ in range(2 * ALWAYS_LET_IN):
        with pytest.raises(RuntimeError):
            async with line.place():
                raise RuntimeError
    async with line.place():
        pass
