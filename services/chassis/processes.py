"""Work that would block the event loop, done in other processes: hashing, PDF."""

import asyncio
import functools
import multiprocessing
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from aiohttp import web

from services.chassis.orphans import end_with_parent

P = ParamSpec("P")
T = TypeVar("T")

PROCESSES = web.AppKey("processes", ProcessPoolExecutor)


async def process_pool(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: a pool whose processes start at their first task."""
    # Spawned, since a fork would copy the sockets and locks of a running loop.
    pool = ProcessPoolExecutor(
        max_workers=os.cpu_count() or 1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=end_with_parent,
    )
    app[PROCESSES] = pool
    yield
    pool.shutdown(wait=False, cancel_futures=True)


async def in_process(
    app: web.Application, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run an importable function in the pool and return what it returns or raise what it raises."""
    call = functools.partial(function, *args, **kwargs)
    with _without_main_module():
        future = asyncio.get_running_loop().run_in_executor(app[PROCESSES], call)
    return await future


@contextmanager
def _without_main_module() -> Iterator[None]:
    """A process started in here does not import the main module again.

    Spawning does so by default: each worker would hold the whole service, 80 MB instead of 25,
    and take a second to start.
    """
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name, None) for name in ("__spec__", "__file__")}
    for name in kept:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)
