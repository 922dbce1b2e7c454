"""No process outlives the launcher."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.children import Child
from tests.conftest import free_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

LAUNCHER = """
import sys, time
from pathlib import Path
from deploy.children import Child
from deploy.postgres import EmbeddedPostgres
folder, port = Path(sys.argv[1]), int(sys.argv[2])
sleeper = Child("sleeper", ["sleep", "600"], log=folder / "sleeper.log")
sleeper.start()
server = EmbeddedPostgres(folder / "data", port)
server.start()
print(sleeper.pid, server.child.pid, flush=True)
time.sleep(600)
"""


def test_kill_9_of_the_launcher_leaves_nothing_behind(tmp_path: Path) -> None:
    launcher = subprocess.Popen(  # noqa: S603 - the script above
        [sys.executable, "-c", LAUNCHER, str(tmp_path), str(free_port())],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout
    children = [int(pid) for pid in launcher.stdout.readline().split()]
    assert len(children) == 2

    launcher.kill()
    launcher.wait()
    launcher.stdout.close()

    assert _all_gone(children, within=15)


def test_stopping_a_child_ends_what_it_started(tmp_path: Path) -> None:
    log = tmp_path / "parent.log"
    child = Child("parent", ["sh", "-c", "sleep 600 & echo $!; exec sleep 600"], log=log)
    child.start()
    grandchild = _first_number(log)

    child.stop()

    assert _all_gone([grandchild], within=5)


def test_a_child_that_ignores_its_signal_is_ended_by_force(tmp_path: Path) -> None:
    log = tmp_path / "deaf.log"
    child = Child("deaf", ["sh", "-c", "trap '' TERM; echo 1; while :; do sleep 1; done"], log=log)
    child.start()
    _first_number(log)

    child.stop(timeout=0.2)

    assert child.exit_status == -signal.SIGKILL


def _first_number(log: Path) -> int:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if log.exists() and (text := log.read_text().strip()):
            return int(text.split()[0])
        time.sleep(0.01)
    raise AssertionError(f"nothing in {log}")


def _all_gone(pids: list[int], within: float) -> bool:
    deadline = time.monotonic() + within
    while any(_lives(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"  # an orphan that init has not collected yet has ended all the same
