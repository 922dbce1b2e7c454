"""How a worker begins: behind those who serve, and never outliving its service.

Apart from the pool, so that workers need not import aiohttp.
"""

import multiprocessing
import os
import threading

# What is computed aside takes the processor's idle time: requests that need none go first.
NICENESS = 10


def begin_worker() -> None:
    """In a worker: work behind the processes that answer requests, and end with the service."""
    os.nice(NICENESS)
    if hasattr(os, "SCHED_BATCH"):  # Linux: and never interrupt who has just been woken
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    end_with_parent()


def end_with_parent() -> None:
    """In a worker: end when the service is killed, which leaves no one to say so."""
    threading.Thread(target=_await_parent, daemon=True).start()


def _await_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
