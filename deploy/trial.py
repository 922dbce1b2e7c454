"""A town of its own for a benchmark or a test, started in an empty folder."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from contracts.topics import SERVICES
from deploy.errors import LaunchError
from deploy.keys import kept_keys, kept_secret
from deploy.ports import Ports, is_open
from deploy.readiness import is_ready
from services.chassis.auth import CallerSigner

START_SECONDS = 180
# Room for all ports of a town, far from the usual one.
FIRST_PORT, LAST_PORT, STEP = 18100, 28100, 200
# A port of the range that no process of a town listens on: who holds it has the range.
CLAIM = 150


@dataclass(frozen=True, slots=True)
class TrialTown:
    """A running town, and what its operator knows."""

    ports: Ports
    state: Path
    launcher: int
    logins: dict[str, dict[str, str]]

    @property
    def signer(self) -> CallerSigner:
        """Signs callers as the gateway does."""
        return CallerSigner(kept_keys(self.state / "secrets").caller_private)

    def database_url(self, service: str) -> str:
        """The service's own database."""
        password = kept_secret(self.state / "secrets", f"postgres-{service}", str)
        port = self.ports.of("postgres")
        return f"postgresql://{service}:{password}@127.0.0.1:{port}/{service}"

    def processes(self) -> dict[str, int]:
        """The process id of the gateway, of each service and of the embedded bus."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_text().split("\0")
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue  # it ended while it was looked at
            if parent == self.launcher and "broker" in words:
                found["bus"] = int(folder.name)
            elif parent == self.launcher and "-m" in words:
                found[words[words.index("-m") + 1].removesuffix(".main")] = int(folder.name)
        names = {"bus": "bus", "gateway": "gateway", **{f"services.{s}": s for s in SERVICES}}
        return {names[module]: pid for module, pid in found.items() if module in names}


@asynccontextmanager
async def trial_town(
    families: int, folder: Path, bus: str = "embedded", settings: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[TrialTown, float]]:
    """Start a town in an empty folder, with these `PORTAIL_*` settings besides its own.

    It stops at the end, its logs stay there.

    Yields the town, and the seconds from the database being up to every process being ready.
    """
    with _claimed_ports() as ports:
        state = folder / "var"
        environment = {**os.environ, **(settings or {}), "PORTAIL_VAR": str(state)}
        launcher, log = _launch(folder, environment, ports, families, bus)
        try:
            seconds = await _until_ready(ports, _Start(launcher, log))
            logins = await _until_loaded(state, _Start(launcher, log))
            yield TrialTown(ports, state, launcher.pid, logins), seconds
        finally:
            launcher.send_signal(signal.SIGTERM)
            await asyncio.to_thread(launcher.wait)


def _launch(
    folder: Path, environment: Mapping[str, str], ports: Ports, families: int, bus: str
) -> "tuple[subprocess.Popen[bytes], Path]":
    folder.chmod(0o711)  # PostgreSQL's user passes through
    log = folder / "launcher.log"
    command = [sys.executable, "-m", "deploy", "up", "--bus", bus]
    command += ["--families", str(families), "--port", str(ports.portal)]
    with log.open("wb") as output:
        launcher = subprocess.Popen(  # noqa: S603 - our own command
            command,
            env=environment,
            stdout=output,
            stderr=output,
        )
    return launcher, log


class _Start:
    """A part of a start that is waited for: START_SECONDS at most, and while the launcher lives."""

    def __init__(self, launcher: "subprocess.Popen[bytes]", log: Path) -> None:
        self._launcher, self._log = launcher, log
        self._deadline = time.monotonic() + START_SECONDS

    async def wait(self, pause: float) -> None:
        """Wait a little. Raises LaunchError when there is nothing to wait for any more."""
        if self._launcher.poll() is not None:
            said = self._log.read_text(errors="replace").strip()[-500:]
            raise LaunchError(f"the town did not start: {said}")
        if time.monotonic() > self._deadline:
            raise LaunchError(f"the town was not ready within {START_SECONDS} s")
        await asyncio.sleep(pause)


async def _until_ready(ports: Ports, start: _Start) -> float:
    while not is_open(ports.of("postgres")):
        await start.wait(0.02)
    started = time.monotonic()
    async with aiohttp.ClientSession() as session:
        for name in ("gateway", *SERVICES):
            while not await is_ready(session, ports.url(name)):
                await start.wait(0.05)
    return round(time.monotonic() - started, 2)


async def _until_loaded(state: Path, start: _Start) -> Any:
    while not (state / "demo.json").exists():
        await start.wait(0.1)
    return json.loads((state / "demo.json").read_text(encoding="utf-8"))["logins"]


@contextmanager
def _claimed_ports() -> Iterator[Ports]:
    """A free range of ports that no other trial takes meanwhile."""
    for portal in range(FIRST_PORT, LAST_PORT, STEP):
        ports = Ports(portal)
        with socket.socket() as claim:
            try:
                claim.bind(("127.0.0.1", portal + CLAIM))
            except OSError:
                continue
            if not any(is_open(port) for port in ports.all().values()):
                yield ports
                return
    raise LaunchError("no free range of ports for a trial")
