"""Waits until processes can do their work."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

import aiohttp

from deploy.errors import LaunchError
from deploy.ports import is_open
from deploy.settings import Process

POLL_SECONDS = 0.1
# Ten interpreters start at once: on a busy machine that alone takes a minute.
READY_SECONDS = 180.0
# One answer of /readyz waits for its own checks, up to 2 s.
ANSWER_SECONDS = 5.0


async def is_ready(session: aiohttp.ClientSession, url: str) -> bool:
    """Whether the process at this address answers /readyz with 200 now."""
    try:
        async with session.get(f"{url}/readyz") as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


async def wait_for_all(
    processes: Iterable[Process],
    ready: Callable[[Process], None],
    meanwhile: Callable[[], None],
) -> None:
    """Wait for all in parallel, telling each that is ready; call `meanwhile` at every look.

    Raises LaunchError naming those that are not ready in time.
    """
    limit = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with aiohttp.ClientSession(timeout=limit) as session:
        await _wait(processes, lambda process: is_ready(session, process.url), ready, meanwhile)


async def wait_until_listening(processes: Iterable[Process], meanwhile: Callable[[], None]) -> None:
    """The same until their ports are open: they are loaded, and busy with joining the bus."""
    await _wait(processes, _listens, lambda _process: None, meanwhile)


async def _listens(process: Process) -> bool:
    return is_open(process.port)


async def _wait(
    processes: Iterable[Process],
    test: Callable[[Process], Awaitable[bool]],
    passed: Callable[[Process], None],
    meanwhile: Callable[[], None],
) -> None:
    waiting = list(processes)
    deadline = time.monotonic() + READY_SECONDS
    while waiting:
        meanwhile()
        answers = await asyncio.gather(*(test(process) for process in waiting))
        for process in [each for each, answer in zip(waiting, answers, strict=True) if answer]:
            waiting.remove(process)
            passed(process)
        if waiting and time.monotonic() > deadline:
            names = ", ".join(process.name for process in waiting)
            raise LaunchError(f"not ready after {READY_SECONDS:.0f} s: {names}")
        await asyncio.sleep(POLL_SECONDS)
