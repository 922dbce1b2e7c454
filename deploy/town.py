"""The town that runs on this machine, as the other commands find it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import get_args

import aiohttp

from contracts.topics import SERVICES
from deploy.errors import LaunchError
from deploy.keys import kept_keys
from deploy.lock import running
from deploy.operations import Operations, operations
from deploy.ports import Ports
from deploy.postgres import EmbeddedPostgres
from deploy.readiness import ANSWER_SECONDS, is_ready
from deploy.settings import MODULES, BusKind, Process, Town
from deploy.state import DOCUMENTS, LOCK, POSTGRES, SECRETS


def running_town() -> Town:
    """The town that the launcher keeps up. Raises LaunchError when none is."""
    found = running(LOCK)
    if found is None:
        raise LaunchError("the town is not running; `portail up` starts it")
    ports = Ports(found.port)
    server = EmbeddedPostgres(POSTGRES, ports.of("postgres"))
    databases = {service: server.url_of(service) for service in SERVICES}
    bus = next(kind for kind in get_args(BusKind) if kind == found.bus)
    return Town(ports, kept_keys(SECRETS), bus, databases, DOCUMENTS, found.copies)


async def readiness(town: Town) -> list[tuple[Process, bool]]:
    """Each process, and whether it is ready now."""
    processes = town.processes()
    limit = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with aiohttp.ClientSession(timeout=limit) as session:
        answers = await asyncio.gather(*(is_ready(session, each.url) for each in processes))
    return list(zip(processes, answers, strict=True))


def process_named(name: str) -> Process:
    """What `portail serve` runs. Raises LaunchError when there is no such process."""
    if name not in MODULES:
        raise LaunchError(f"no process is named {name}; there are {', '.join(MODULES)}")
    if "PORTAIL_PORT" in os.environ:
        return Process(name, MODULES[name], int(os.environ["PORTAIL_PORT"]), {})
    return next(process for process in running_town().processes() if process.name == name)


@asynccontextmanager
async def running_operations() -> AsyncIterator[Operations]:
    """The running town's services, asked in the operator's name."""
    town = running_town()
    async with operations(town.ports, town.keys.caller_private) as asked:
        yield asked
