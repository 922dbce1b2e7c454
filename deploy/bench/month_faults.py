"""`portail bench month-faults`: a month whose workers, bus and database are killed at random.

Each time the invoices must be those of an undisturbed run, and the books must balance.
"""

import asyncio
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from rich.console import Console
from rich.table import Table

from deploy.auditing import audit
from deploy.bench.journey import Tell
from deploy.bench.month_end import price_all
from deploy.bench.month_town import MonthTown, Worker, month_town
from deploy.refill import all_events_to_tell_again
from services.billing.commands.run_month import request_run
from services.chassis.clock import utc_now

FAMILIES, TIMES, WORKERS, KILLS = 5_000, 10, 2, 4
FIRST_KILL_SECONDS, BETWEEN_KILLS_SECONDS = (0.1, 1.5), (0.5, 4.0)
LOOK_SECONDS = 0.1
GIVE_UP_SECONDS = 600
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

# All that an invoice says, in the order of the numbers; ids differ from run to run.
INVOICES = """
SELECT i.number, i.family_reference, i.total_cents, i.issued_on,
       md5(string_agg(concat_ws('|', l.position, l.child_id, l.activity_name, l.month, l.basis,
           l.quantity, l.unit_cents, l.amount_cents, l.dates), ';' ORDER BY l.position)) AS lines
FROM invoice i JOIN invoice_line l USING (invoice_id)
GROUP BY i.invoice_id ORDER BY i.number
"""


def run(*, as_json: bool, families: int = FAMILIES) -> None:
    """Kill and compare; print what came of it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console = Console(stderr=True)
    with console.status("") as status:
        report = asyncio.run(measured(families, TIMES, lambda text: status.update(text)))
    if as_json:
        print(json.dumps(report, indent=2))
    else:
        Console().print(_table(report))


async def measured(families: int, times: int, tell: Tell, *, kills: int = KILLS) -> dict[str, Any]:
    """Run the month undisturbed, then so many times with faults; return the report."""
    with TemporaryDirectory(prefix="portail-bench-") as folder:
        async with month_town(Path(folder)) as town:
            tell("an undisturbed run")
            async with town.workers(WORKERS):
                wanted = await _month(town, families)
            runs = []
            for number in range(1, times + 1):
                tell(f"run {number} of {times} with faults")
                runs.append(await disturbed(town, families, wanted, kills))
    return {"families": families, "invoices": len(wanted), "runs": runs}


async def disturbed(
    town: MonthTown, families: int, wanted: Sequence[asyncpg.Record], kills: int
) -> dict[str, Any]:
    """One month with faults: what was killed, how long it took, and what differs."""
    async with town.workers(WORKERS) as workers:
        started = time.perf_counter()
        chaos = Chaos(town, workers, kills)
        found = await _month(town, families, chaos)
        seconds = time.perf_counter() - started
    return {
        "killed": dict(chaos.killed),
        "seconds": round(seconds, 1),
        "other_invoices": sum(a != b for a, b in zip(wanted, found, strict=False))
        + abs(len(wanted) - len(found)),
        "audit_faults": await audit(town.url, Console(stderr=True, quiet=True)),
    }


async def _month(
    town: MonthTown, families: int, chaos: "Chaos | None" = None
) -> list[asyncpg.Record]:
    """Fill, price and run the month; the invoices, once all of it is done and told."""
    await town.fill(families, with_units=True)
    await price_all(town, WORKERS)
    async with town.database.transaction() as connection:
        run_id = await request_run(connection, town.month, now=utc_now(), by=None)
    if chaos:
        await chaos.strike()
    async with asyncio.timeout(GIVE_UP_SECONDS):
        while not await _is_done(town, run_id):
            if chaos:
                chaos.revive()
            await asyncio.sleep(LOOK_SECONDS)
    async with town.database.connection() as connection:
        return list(await connection.fetch(INVOICES))


async def _is_done(town: MonthTown, run_id: UUID) -> bool:
    try:
        async with town.database.connection() as connection:
            found: bool = await connection.fetchval(
                """SELECT status = 'done' AND NOT EXISTS (
                       SELECT FROM outbox WHERE published_at IS NULL)
                   FROM billing_run WHERE run_id = $1""",
                run_id,
            )
            return found
    except AWAY:
        return False  # it was killed


class Chaos:
    """Kills one thing after another while a month is at work, and starts it again."""

    def __init__(self, town: MonthTown, workers: Sequence[Worker], kills: int) -> None:
        self._town, self._workers, self._kills = town, workers, kills
        self.killed: Counter[str] = Counter()

    async def strike(self) -> None:
        """Kill so many times, at random moments; the first time soon."""
        await asyncio.sleep(random.uniform(*FIRST_KILL_SECONDS))  # noqa: S311 - no secret
        for _ in range(self._kills):
            victim = random.choice(("worker", "worker", "bus", "database"))  # noqa: S311 - chance alone
            self.killed[victim] += 1
            await {"worker": self._worker, "bus": self._bus, "database": self._database}[victim]()
            await asyncio.sleep(random.uniform(*BETWEEN_KILLS_SECONDS))  # noqa: S311 - chance alone

    def revive(self) -> None:
        """Start the workers that ended: killed, or started while there was no database."""
        for worker in self._workers:
            if not worker.child.alive:
                worker.child.start()

    async def _worker(self) -> None:
        random.choice(self._workers).child.kill()  # noqa: S311 - chance alone
        self.revive()

    async def _bus(self) -> None:
        self._town.bus.kill()
        async with all_events_to_tell_again([self._town.url]):
            self._town.bus.start()

    async def _database(self) -> None:
        self._town.postgres.kill()
        self._town.postgres.start()


def _table(report: dict[str, Any]) -> Table:
    title = f"{report['families']} families, {report['invoices']} invoices"
    table = Table(title, "killed", "seconds", "other invoices", "audit faults")
    for number, run in enumerate(report["runs"], 1):
        killed = ", ".join(f"{name} {count}" for name, count in sorted(run["killed"].items()))
        shown = (run["seconds"], run["other_invoices"], run["audit_faults"])
        table.add_row(f"run {number}", killed, *map(str, shown))
    return table
