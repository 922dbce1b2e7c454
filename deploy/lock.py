"""One launcher at a time for a state folder, and where the running one is found."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.errors import LaunchError


@dataclass(frozen=True, slots=True)
class Running:
    """What a running launcher says of itself."""

    pid: int
    port: int
    bus: str
    copies: dict[str, int]


@contextmanager
def only_launcher(file: Path, port: int, bus: str, copies: dict[str, int]) -> Iterator[None]:
    """Be the one launcher of this state folder. Raises LaunchError when there is one.

    The system gives the lock back however the launcher ends, so no stale one can stay.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LaunchError("already running; `portail down` stops it") from error
        held.truncate(0)
        held.write(json.dumps(asdict(Running(os.getpid(), port, bus, copies))))
        held.flush()
        yield


def running(file: Path) -> Running | None:
    """The launcher that holds the lock, None when there is none."""
    try:
        with file.open() as held:
            try:
                fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Running(**json.loads(held.read()))
    except FileNotFoundError:
        pass
    return None


def stop_running(file: Path, timeout: float) -> bool:
    """Ask the running launcher to stop everything and wait; False when none was running."""
    found = running(file)
    if found is None:
        return False
    os.kill(found.pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while running(file) is not None:
        if time.monotonic() > deadline:
            raise LaunchError(f"process {found.pid} has not stopped everything in {timeout:.0f} s")
        time.sleep(0.05)
    return True
