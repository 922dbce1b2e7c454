"""Which port each process listens on, and whether a port is free."""

import socket
from dataclasses import dataclass

from contracts.topics import SERVICES
from deploy.errors import LaunchError

# Further copies of services listen from here on: portal port + 60, 61, …
_FIRST_COPY = 60
# Room for every port that follows from the portal's.
HIGHEST_PORTAL = 65535 - 100


@dataclass(frozen=True, slots=True)
class Ports:
    """All ports follow from the portal's."""

    portal: int

    def of(self, name: str) -> int:
        """The HTTP, SMTP, PostgreSQL or bus port of a process."""
        return self.portal + _OFFSETS[name]

    def url(self, name: str) -> str:
        """Where a process answers over HTTP."""
        return f"http://127.0.0.1:{self.of(name)}"

    def metrics_of(self, name: str) -> int:
        """The port of a process's metrics, which the portal does not expose."""
        return self.portal + 21 + _METERED.index(name)

    def of_copy(self, number: int) -> int:
        """The port of the launcher's n-th further copy of any service, from 0."""
        return self.portal + _FIRST_COPY + number

    def all(self) -> dict[str, int]:
        """Every port of a plain start, by what listens there."""
        metrics = {f"metrics of {name}": self.metrics_of(name) for name in _METERED}
        return {name: self.of(name) for name in _OFFSETS} | metrics


_METERED = ("gateway", *SERVICES)
_OFFSETS = {
    "gateway": 0,
    **{service: number for number, service in enumerate(SERVICES, start=1)},
    "mailbox": 7,
    "payments": 8,
    "smtp": 9,
    "postgres": 50,
    "bus": 51,
}


def is_open(port: int) -> bool:
    """Whether something answers on this port of the machine."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def require_free(ports: dict[str, int]) -> None:
    """Raises LaunchError naming the first port that is taken and what wanted it."""
    for name, port in ports.items():
        with socket.socket() as probe:
            # As the servers do: a port that its last user has just left counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise LaunchError(
                    f"port {port} ({name}) is in use by another program; "
                    "free it, or move all ports with --port"
                ) from error
