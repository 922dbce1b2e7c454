"""Work that would block the event loop, done in other processes: hashing, PDF."""

import asyncio
import functools
import multiprocessing
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from aiohttp import web

from services.chassis.orphans import begin_worker

P = ParamSpec("P")
T = TypeVar("T")


class Pool:
    """Processes that start at their first task; one that dies costs a retry, not the service."""

    def __init__(self) -> None:
        self._executor = _new_executor()

    async def run(self, call: Callable[[], T]) -> T:
        """Run the call in a process. Raises what it raises, BrokenProcessPool when it kills two."""
        try:
            return await self._attempt(call)
        except BrokenProcessPool:
            return await self._attempt(call)

    async def _attempt(self, call: Callable[[], T]) -> T:
        executor = self._executor
        try:
            return await _run_in(executor, call)
        except BrokenProcessPool:
            self._replace(executor)
            raise

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        # A dead worker breaks its executor for good; whoever comes first replaces it.
        if self._executor is broken:
            self._executor = _new_executor()
        # A process that was being started as the executor broke is not ended by it, but waited
        # for, at the latest when this process would end. Python 3.14 has `kill_workers` for this.
        for process in list((broken._processes or {}).values()):
            process.kill()

    def close(self) -> None:
        """End the processes; tasks that wait are dropped."""
        self._executor.shutdown(wait=False, cancel_futures=True)


PROCESSES = web.AppKey("processes", Pool)


async def process_pool(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: the pool of this service."""
    app[PROCESSES] = pool = Pool()
    yield
    pool.close()


async def in_process(
    app: web.Application, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run an importable function in the pool and return what it returns or raise what it raises."""
    return await app[PROCESSES].run(functools.partial(function, *args, **kwargs))


def _new_executor() -> ProcessPoolExecutor:
    # Spawned, since a fork would copy the sockets and locks of a running loop.
    return ProcessPoolExecutor(
        max_workers=os.cpu_count() or 1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=begin_worker,
    )


async def _run_in(executor: ProcessPoolExecutor, call: Callable[[], T]) -> T:
    with _without_main_module():
        future = asyncio.get_running_loop().run_in_executor(executor, call)
    return await future


@contextmanager
def _without_main_module() -> Iterator[None]:
    """A process started in here does not import the main module again.

    Spawning does so by default: each worker would hold the whole service, 80 MB instead of 25,
    and take a second to start.
    """
    main = sys.modules["__main__"]
    kept = {name: value for name, value in vars(main).items() if name in ("__spec__", "__file__")}
    for name in kept:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)
