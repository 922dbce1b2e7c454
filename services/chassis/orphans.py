"""No worker outlives its service. Apart from the pool, so that workers need not import aiohttp."""

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """In a worker: end when the service is killed, which leaves no one to say so."""
    threading.Thread(target=_await_parent, daemon=True).start()


def _await_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
