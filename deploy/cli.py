"""The `portail` command: run the town on this machine, look at it, mend it."""

import asyncio
import importlib
import json
import os
import sys
import traceback
from typing import Any, get_args

import click
from rich.console import Console
from rich.table import Table

from contracts.topics import ALL, SERVICES
from deploy.errors import LaunchError
from deploy.ports import HIGHEST_PORTAL
from deploy.settings import BusKind
from deploy.state import LOGS

DEFAULT_PORT = 8080
DEMO_FAMILIES = 600
STOP_SECONDS = 90.0

PORT = click.IntRange(1024, HIGHEST_PORTAL)
BUS = click.Choice(get_args(BusKind))
BENCHES = (
    "accounts",
    "calendar",
    "documents",
    "imports",
    "journey",
    "month-end",
    "month-faults",
    "opening-day",
    "pdf",
)
SIZED_BENCHES = ("month-end", "month-faults", "opening-day")
FAMILIES = click.IntRange(0, 100_000)


class Commands(click.Group):
    """Tells what went wrong in one line, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except LaunchError as error:
            raise click.ClickException(str(error)) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            # A fault of ours: its trace helps whoever mends it, not whoever typed the command.
            LOGS.mkdir(parents=True, exist_ok=True)
            log = LOGS / "portail.log"
            with log.open("a", encoding="utf-8") as out:
                traceback.print_exc(file=out)
            line = f"unexpected {type(error).__name__}: {error}".splitlines()[0]
            raise click.ClickException(f"{line}; see {log}") from error


class Scale(click.ParamType[tuple[str, int]]):
    """`billing=4`: four copies of billing in all."""

    name = "SERVICE=COPIES"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """The service and its copies."""
        service, _, count = str(value).partition("=")
        if service not in SERVICES or not count.isdigit() or not 1 <= int(count) <= 8:
            self.fail(f"{value!r} is not one of {', '.join(SERVICES)} = 1 to 8", param, ctx)
        return service, int(count)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """The families' portal, run on this machine."""


def main() -> None:
    """Entry point of the `portail` command."""
    cli(prog_name="portail")


@cli.command()
@click.option("--bus", type=BUS, default="embedded", show_default=True)
@click.option("--scale", type=Scale(), multiple=True, help="Copies of a service: billing=4.")
@click.option("--fresh", is_flag=True, help="Forget all data first.")
@click.option("--families", type=FAMILIES, default=DEMO_FAMILIES, show_default=True)
@click.option("--port", type=PORT, default=DEFAULT_PORT, show_default=True)
def up(
    bus: BusKind, scale: tuple[tuple[str, int], ...], fresh: bool, families: int, port: int
) -> None:
    """Start everything, with the demo town at the first start; Ctrl-C stops it."""
    from deploy import launch

    launch.up(launch.Options(bus, dict(scale), fresh, families, port), Console())


@cli.command()
def down() -> None:
    """Stop the town that runs."""
    from deploy import lock
    from deploy.state import LOCK

    stopped = lock.stop_running(LOCK, STOP_SECONDS)
    click.echo("Stopped." if stopped else "Nothing was running.")


@cli.command()
def status() -> None:
    """Show which processes are ready; exit status 1 unless all are."""
    from deploy import town

    running = town.running_town()
    states = asyncio.run(town.readiness(running))
    table = Table("process", "address", "state", box=None)
    for process, ready in states:
        table.add_row(process.name, process.url, "ready" if ready else "NOT READY")
    Console().print(table)
    missing = [process.name for process, ready in states if not ready]
    if missing:
        raise LaunchError(f"not ready: {', '.join(missing)}; logs are in {LOGS}")


@cli.command()
def codes() -> None:
    """Show the six-digit codes that the demo town's staff sign in with now."""
    from deploy import showing
    from deploy.demo_town import known_logins

    logins = known_logins()
    if logins is None:
        raise LaunchError("no demo town was loaded; start one with: portail up")
    showing.codes(Console(), logins)


@cli.command()
@click.argument("name")
def serve(name: str) -> None:
    """Run one process here, in the foreground.

    Its settings are the PORTAIL_* variables when PORTAIL_PORT is among them (as in a
    container), otherwise those of the town that runs on this machine.
    """
    from deploy import town

    process = town.process_named(name)
    command = [sys.executable, "-m", process.module]
    os.execve(sys.executable, command, process.environment)  # noqa: S606 - a shell has no part


@cli.command()
@click.option("--families", type=FAMILIES, default=DEMO_FAMILIES, show_default=True)
def demo(families: int) -> None:
    """Load the demo town into the town that runs."""
    from deploy import demo_town, showing, town

    running = town.running_town()
    console = Console()
    with showing.progress_bars(console) as progress:
        logins = asyncio.run(demo_town.load_demo(families, running.ports, running.keys, progress))
    demo_town.write_demo(running.ports, logins)
    showing.welcome(console, running.ports, logins)


@cli.command("billing-run")
@click.argument("month")
@click.option("--not-over", is_flag=True, help="Although the month is not over yet.")
def billing_run(month: str, not_over: bool) -> None:
    """Invoice a month (2026-11); again is harmless."""
    from deploy import town
    from deploy.billing_run import bill

    async def follow() -> None:
        async with town.running_operations() as operations:
            await bill(operations, month, Console(), not_over=not_over)

    asyncio.run(follow())


@cli.command()
def replay() -> None:
    """Publish all kept events again; subscribers skip those that they know."""
    from deploy import town

    async def ask() -> dict[str, int]:
        async with town.running_operations() as operations:
            return await operations.replay_outboxes()

    for service, events in asyncio.run(ask()).items():
        click.echo(f"{service}: {events} events")


@cli.command()
@click.option("--topic", "topic_names", type=click.Choice(sorted(ALL)), multiple=True)
@click.option("--type", "type_text", default="", help="Part of a type: invoice-issued.")
@click.option("--bodies", is_flag=True, help="Show personal data too.")
@click.option(
    "--servers", envvar="PORTAIL_BUS_SERVERS", help="HOST:PORT; the running town's unless given."
)
def events(topic_names: tuple[str, ...], type_text: str, bodies: bool, servers: str | None) -> None:
    """Show what passes on the bus from now on; Ctrl-C ends it."""
    from deploy import town
    from deploy.events import Wanted, watch

    wanted = Wanted(topic_names or tuple(ALL), type_text)
    if not wanted.is_known:
        raise click.UsageError(f"no event has {type_text!r} in its type; see contracts/README.md")
    bus = servers or f"127.0.0.1:{town.running_town().ports.of('bus')}"
    ready = f"Watching {len(wanted.topics)} topics on {bus}; Ctrl-C ends it."
    asyncio.run(watch(bus, wanted, click.echo, bodies=bodies, ready=ready))


@cli.group()
def dlq() -> None:
    """Events that a service could not take in."""


@dlq.command("list")
def list_letters() -> None:
    """One line each, oldest first in each service."""
    from deploy import town

    async def ask() -> list[dict[str, Any]]:
        async with town.running_operations() as operations:
            return await operations.dead_letters()

    for letter in asyncio.run(ask()):
        kind = letter["headers"].get("ce_type", letter["topic"])
        click.echo(f"{letter['id']}  {letter['service']}  {kind}  {letter['reason']}")


@dlq.command()
@click.argument("letter_id")
def show(letter_id: str) -> None:
    """All of one of them, as JSON."""
    from deploy import town

    async def ask() -> dict[str, Any]:
        async with town.running_operations() as operations:
            return await operations.dead_letter(letter_id)

    click.echo(json.dumps(asyncio.run(ask()), ensure_ascii=False, indent=2))


@dlq.command("replay")
@click.argument("letter_id")
def replay_letter(letter_id: str) -> None:
    """Have its service take it in now."""
    from deploy import town

    async def ask() -> str:
        async with town.running_operations() as operations:
            return await operations.replay_dead_letter(letter_id)

    click.echo(f"Taken in by {asyncio.run(ask())}.")


@cli.group()
def keys() -> None:
    """The master key, by which the keys of families and vaults are wrapped."""


@keys.command()
def renew() -> None:
    """Make a new master key, while the town is down; the present one stays valid beside it."""
    from deploy.keys import renew_master_key
    from deploy.lock import running
    from deploy.state import LOCK, SECRETS

    if running(LOCK):
        raise LaunchError("the town is running; `portail down` first")
    renew_master_key(SECRETS)
    click.echo("A new master key is made. Start the town, then `portail keys rotate`.")


@keys.command()
def rotate() -> None:
    """Wrap every key by the new master key; stopped in between, it goes on where it was."""
    from deploy import rotation

    click.echo(asyncio.run(rotation.rotate(Console())))


@cli.group()
def audit() -> None:
    """Prove that what a service keeps agrees with itself."""


@audit.command()
def billing() -> None:
    """The ledger, invoices, payments and events; exit status 1 and lines where they disagree."""
    from deploy import auditing

    faults = asyncio.run(auditing.audit_billing(Console()))
    if faults:
        raise LaunchError(f"{faults} disagreements in the books")
    click.echo("The books agree.")


@cli.group()
def contracts() -> None:
    """The published schemas of the events."""


@contracts.command()
def check() -> None:
    """Fail on a change that would break subscribers, and on undescribed events."""
    from contracts import publish

    for service in SERVICES:  # an event class that the catalogue lacks is found once it is loaded
        importlib.import_module(f"services.{service}.main")
    faults = publish.check()
    for fault in faults:
        click.echo(fault)
    if faults:
        raise LaunchError(f"{len(faults)} faults in the contracts")


@contracts.command()
def export() -> None:
    """Write the JSON Schemas and the AsyncAPI document."""
    from contracts import publish

    click.echo(f"{len(publish.export())} files written")


@cli.group()
def migrations() -> None:
    """The numbered SQL files that change the services' tables."""


@migrations.command("keep")
def keep_migrations() -> None:
    """List the new ones, which from then on stay as they are; exit status 1 on faults."""
    from deploy.migrations import KEPT, faults, keep

    for name in keep():
        click.echo(f"{name}: kept in {KEPT}")
    found = faults()
    for fault in found:
        click.echo(fault)
    if found:
        raise LaunchError(f"{len(found)} faults in the migrations")


@cli.command()
@click.argument("case", type=click.Choice(BENCHES))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--families", type=click.IntRange(10), help="How many, where the case has a size.")
def bench(case: str, as_json: bool, families: int | None) -> None:
    """Measure one case beside its baseline, and print the figures."""
    if families and case not in SIZED_BENCHES:
        raise click.UsageError(f"--families is an option of {', '.join(SIZED_BENCHES)}")
    size = {"families": families} if families else {}
    module = importlib.import_module(f"deploy.bench.{case.replace('-', '_')}")
    module.run(as_json=as_json, **size)
