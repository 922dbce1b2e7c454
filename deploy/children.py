"""Child processes that never outlive the launcher."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deploy.errors import LaunchError
from deploy.unprivileged import UnixAccount, become

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec nothing may be imported.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

LOG_LIMIT = 32 * 1024 * 1024


class Child:
    """One process in a process group of its own, its output appended to a log.

    Start it from the main thread: Linux ends it when the thread that started it is gone.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        account: UnixAccount | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        orphan_signal: signal.Signals = signal.SIGKILL,
    ) -> None:
        self.name = name
        self.log = log
        self._command = list(command)
        self._environment = environment
        self._account = account
        self._stop_signal = stop_signal
        self._orphan_signal = orphan_signal
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process and self.alive else None

    @property
    def alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_status(self) -> int | None:
        """How it ended; None while it runs or before it was started."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start it. Raises LaunchError when its program cannot be run."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        try:
            with self.log.open("ab") as output:
                self._process = subprocess.Popen(  # noqa: S603 - no shell, and our own command
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=None if self._environment is None else dict(self._environment),
                    # Its own group: Ctrl-C reaches the launcher alone, which stops all in order.
                    process_group=0,
                    preexec_fn=_before_exec(self._account, self._orphan_signal),
                )
        except OSError as error:
            raise LaunchError(f"{self.name} cannot be started: {error}") from error

    def stop(self, timeout: float = 15.0) -> None:
        """Ask it to end, and end it by force after the timeout; its own children too."""
        self.ask_to_stop()
        self.wait_stopped(timeout)

    def ask_to_stop(self) -> None:
        """Send the stop signal and return at once."""
        if self._process and self.alive:
            self._process.send_signal(self._stop_signal)

    def wait_stopped(self, timeout: float) -> None:
        """Wait until it has ended; after the timeout end it by force."""
        if self._process:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout)
        self.kill()

    def kill(self) -> None:
        """End it and whatever it has started, at once (kill -9)."""
        if self._process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _before_exec(account: UnixAccount | None, orphan_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        if account is not None:
            become(account)
        if _LIBC is not None:
            # After the change of user, which clears it. Ends the child even when the
            # launcher is killed by kill -9 and cannot.
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def wait_until(ready: Callable[[], bool], child: Child, timeout: float) -> None:
    """Wait for a condition while the child lives. Raises LaunchError naming the log."""
    deadline = time.monotonic() + timeout
    while not ready():
        if not child.alive:
            raise LaunchError(
                f"{child.name} ended at once (status {child.exit_status}); see {child.log}"
            )
        if time.monotonic() > deadline:
            raise LaunchError(f"{child.name} is not ready after {timeout:.0f} s; see {child.log}")
        time.sleep(0.02)
