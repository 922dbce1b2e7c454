"""`portail up`: from nothing to a town that answers, until it is told to stop."""

import asyncio
import shutil
import signal
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress

from contracts.topics import SERVICES
from deploy.bus import EmbeddedBus
from deploy.demo_town import Logins, known_logins, load_demo, write_demo
from deploy.kafka_server import KafkaServer
from deploy.keys import Keys, kept_keys
from deploy.lock import only_launcher
from deploy.ports import Ports, require_free
from deploy.postgres import EmbeddedPostgres
from deploy.settings import BusKind, Town
from deploy.showing import progress_bars, welcome
from deploy.state import (
    DEMO,
    DOCUMENTS,
    KAFKA,
    LAST_BUS,
    LOCK,
    LOGS,
    POSTGRES,
    SECRETS,
)
from deploy.supervisor import Supervisor


@dataclass(frozen=True, slots=True)
class Options:
    """What `portail up` was asked."""

    bus: BusKind
    copies: dict[str, int]  # copies in all, by service
    fresh: bool
    families: int
    port: int


def up(options: Options, console: Console) -> None:
    """Start everything, and return once it was told to stop and has. Raises LaunchError."""
    with only_launcher(LOCK, options.port, options.bus, options.copies):
        if options.fresh:
            forget()
        ports = Ports(options.port)
        further = sum(count - 1 for count in options.copies.values())
        copies = {f"further copy {n + 1}": ports.of_copy(n) for n in range(further)}
        require_free(ports.all() | copies)
        asyncio.run(_run(options, ports, console))


def forget() -> None:
    """Remove what a town has stored; fetched programs stay."""
    for folder in (POSTGRES, KAFKA, DOCUMENTS, SECRETS):
        shutil.rmtree(folder, ignore_errors=True)
    for file in (DEMO, LAST_BUS):
        file.unlink(missing_ok=True)


async def _run(options: Options, ports: Ports, console: Console) -> None:
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Under nohup the end of the terminal is not meant for us.
        if asked != signal.SIGHUP or signal.getsignal(asked) != signal.SIG_IGN:
            loop.add_signal_handler(asked, task.cancel if task else loop.stop)
    supervisor = Supervisor(
        EmbeddedPostgres(POSTGRES, ports.of("postgres"), log=LOGS / "postgres.log"),
        _bus(options.bus, ports.of("bus")),
        LOGS,
        lambda line: console.print(line, highlight=False, markup=False, soft_wrap=True),
    )
    try:
        await _bring_up_and_watch(options, ports, supervisor, console)
    except asyncio.CancelledError:
        console.print("Stopping…")
    finally:
        supervisor.stop()


async def _bring_up_and_watch(
    options: Options, ports: Ports, supervisor: Supervisor, console: Console
) -> None:
    keys = kept_keys(SECRETS)
    with progress_bars(console) as progress:
        town = await _open_stores(options, ports, keys, supervisor, progress)
        await _start_processes(town, supervisor, progress)
        watch = asyncio.create_task(supervisor.watch())
        logins = await _known_or_loaded(options.families, town, progress)
    write_demo(ports, logins)
    welcome(console, ports, logins)
    await watch


async def _open_stores(
    options: Options, ports: Ports, keys: Keys, supervisor: Supervisor, progress: Progress
) -> Town:
    step = progress.add_task("PostgreSQL and the bus", total=2)
    databases = await supervisor.open_databases(SERVICES)
    progress.advance(step)
    last_bus = LAST_BUS.read_text() if LAST_BUS.exists() else ""
    await supervisor.open_bus(forgotten=options.bus == "embedded" or options.bus != last_bus)
    LAST_BUS.write_text(options.bus)
    progress.advance(step)
    return Town(ports, keys, options.bus, databases, DOCUMENTS, options.copies)


async def _start_processes(town: Town, supervisor: Supervisor, progress: Progress) -> None:
    processes = town.processes()
    step = progress.add_task("Services and gateway", total=len(processes))
    await supervisor.start(processes, lambda _process: progress.advance(step))


def _bus(kind: BusKind, port: int) -> EmbeddedBus | KafkaServer:
    log = LOGS / "bus.log"
    return EmbeddedBus(port, log) if kind == "embedded" else KafkaServer(KAFKA, port, log=log)


async def _known_or_loaded(families: int, town: Town, progress: Progress) -> Logins:
    known = known_logins()
    if known is not None:
        return known
    if families == 0:
        return {}
    return await load_demo(families, town.ports, town.keys, progress)
