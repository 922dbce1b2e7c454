"""Work that would block the event loop, done in other processes: hashing, PDF."""

import asyncio
import functools
import multiprocessing
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from typing import ParamSpec, TypeVar

from aiohttp import web

P = ParamSpec("P")
T = TypeVar("T")

PROCESSES = web.AppKey("processes", ProcessPoolExecutor)


async def process_pool(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: a pool whose processes start at their first task."""
    # Spawned, since a fork would copy the sockets and locks of a running loop.
    pool = ProcessPoolExecutor(
        max_workers=os.cpu_count() or 1, mp_context=multiprocessing.get_context("spawn")
    )
    app[PROCESSES] = pool
    yield
    pool.shutdown(wait=False, cancel_futures=True)


async def in_process(
    app: web.Application, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run an importable function in the pool and return what it returns or raise what it raises."""
    call = functools.partial(function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(app[PROCESSES], call)
