"""Many things at once, within bounds, the first failure ending them all."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")

# Enough to keep two cores busy; more would only wait in the services' connection pools.
AT_ONCE = 12


async def at_once(
    items: Iterable[S], work: Callable[[S], Awaitable[T]], done: Callable[[], None] = lambda: None
) -> list[T]:
    """Do this work for every item, a bounded number at a time; results in the same order."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(item: S) -> T:
        async with slots:
            result = await work(item)
        done()
        return result

    with first_failure():
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]


@contextmanager
def first_failure() -> Iterator[None]:
    """Raise what failed first as itself: a group of one says no more than its one."""
    try:
        yield
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
