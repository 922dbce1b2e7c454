"""The workers of a service: light, and gone when it is."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from services.chassis.processes import in_process, process_pool

# Written to a file and run as the main module of a process of its own.
SERVICE = """
import asyncio, os, sys, time
from aiohttp import web
from services.chassis.processes import in_process, process_pool

SIZE_OF_A_SERVICE = 80

async def main():
    app = web.Application()
    pool = process_pool(app)
    await anext(pool)
    print(await in_process(app, eval, "hasattr(__import__('__mp_main__'), 'SIZE_OF_A_SERVICE')"))
    print(await in_process(app, os.getpid), flush=True)
    await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_workers_do_not_import_the_main_module_and_end_with_a_killed_service(
    tmp_path: Path,
) -> None:
    program = tmp_path / "service.py"
    program.write_text(SERVICE)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(  # noqa: S603 - no shell, and our own program
        [sys.executable, str(program)], stdout=subprocess.PIPE, text=True, env=environment
    ) as service:
        assert service.stdout is not None
        assert service.stdout.readline().strip() == "False"
        worker = int(service.stdout.readline())
        service.send_signal(signal.SIGKILL)
    assert _ended(worker)


def _ended(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def test_a_worker_that_dies_costs_a_retry_and_not_the_service() -> None:
    app = web.Application()
    pool = process_pool(app)
    await anext(pool)
    worker = await in_process(app, os.getpid)
    os.kill(worker, signal.SIGKILL)
    assert await in_process(app, abs, -1) == 1
    started = [process.pid for process in multiprocessing.active_children()]
    with suppress(StopAsyncIteration):
        await anext(pool)
    assert all(_ended(pid) for pid in started if pid)
