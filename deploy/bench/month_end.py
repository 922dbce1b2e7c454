"""`portail bench month-end`: a town's month, beside the bare copying of what it writes."""

import asyncio
import json
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import structlog
from rich.console import Console, Group, RenderableType
from rich.table import Table

from deploy.bench import measure
from deploy.bench.journey import Tell
from deploy.bench.measure import spread
from deploy.bench.month_profile import profile
from deploy.bench.month_town import BULK_SECONDS, LINES_A_FAMILY, MonthTown, Worker, month_town
from services.billing.commands.run_month import request_run
from services.billing.repository import pricing
from services.chassis.clock import utc_now

FAMILIES = 2_000
PAIRS = 5
WORKERS = (1, 2, 4)
LOOK_SECONDS = 0.02
GIVE_UP_SECONDS = 3600

# What a month writes, whole rows; the outbox numbers its own.
OUTBOX = "id, topic, key, type, body, correlation_id, created_at, published_at"
WRITTEN = ("invoice", "invoiced_charge", "invoice_line", "posting", "ledger_entry", "outbox")


@dataclass(frozen=True, slots=True)
class Round:
    """One month and the copying of its rows, in seconds. `issue` ends with the last event sent."""

    rows: int
    price: float
    plan: float
    issue: float
    copy: float

    @property
    def ours(self) -> float:
        """All of our work."""
        return self.price + self.plan + self.issue


def run(*, as_json: bool, families: int = FAMILIES) -> None:
    """Measure and print the report, telling on standard error how far it is."""
    # What commands tell while they are measured is of no interest.
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    console = Console(stderr=True)
    with console.status("") as status:
        report = asyncio.run(measured(families, lambda text: status.update(text)))
    if as_json:
        print(json.dumps(report, indent=2))
    else:
        Console().print(_tables(report))


async def measured(families: int, tell: Tell) -> dict[str, Any]:
    """Measure, telling what is being done; return the report."""
    with TemporaryDirectory(prefix="portail-bench-") as folder:
        async with month_town(Path(folder)) as town:
            cases = {str(count): await _case(town, families, count, tell) for count in WORKERS}
            tell("half and double size")
            async with town.workers(1) as workers:
                growth = {
                    str(size): asdict(await _round(town, workers, size))
                    for size in (families // 2, families * 2)
                }
            tell("where the time goes")
            return {
                "families": families,
                "lines": families * LINES_A_FAMILY,
                "workers": cases,
                "speed_up": _speed_up(cases),
                "growth_with_one_worker": growth,
                "seconds_by_statement": await profile(town, families),
                "settings": {
                    "cores": os.cpu_count(),
                    "bus": "embedded",
                    "synchronous_commit": "on",
                    "fsync": "on",
                },
            }


async def _case(town: MonthTown, families: int, count: int, tell: Tell) -> dict[str, Any]:
    """Rounds in turn, A B A B, after a warm-up."""
    async with town.workers(count) as workers:
        rounds = []
        for pair in range(PAIRS + 1):
            at = f"round {pair} of {PAIRS}" if pair else "warming up"
            tell(f"{families} families, workers: {count}; {at}")
            rounds.append(await _round(town, workers, families))
        peaks = [measure.resident_megabytes(worker.pid)["peak"] for worker in workers]
    warm = rounds[1:]
    return {
        "seconds": spread([r.ours for r in warm]),
        "copy_seconds": spread([r.copy for r in warm]),
        "rows_per_second": spread([r.rows / r.ours for r in warm]),
        "ratio_to_copy": spread([r.copy / r.ours for r in warm]),
        "families_per_second": spread([families / r.ours for r in warm]),
        "price_seconds": spread([r.price for r in warm]),
        "plan_seconds": spread([r.plan for r in warm]),
        "issue_seconds": spread([r.issue for r in warm]),
        "peak_megabytes_a_worker": max(peaks),
    }


async def _round(town: MonthTown, workers: Sequence[Worker], families: int) -> Round:
    await town.fill(families)
    started = time.perf_counter()
    await price_all(town, len(workers))
    priced = time.perf_counter()
    async with town.database.transaction() as connection:
        run_id = await request_run(connection, town.month, now=utc_now(), by=None)
    await _until(town, "SELECT pass_id IS NOT NULL FROM billing_run WHERE run_id = $1", run_id)
    planned = time.perf_counter()
    await _until(town, "SELECT status = 'done' FROM billing_run WHERE run_id = $1", run_id)
    await _until(town, "SELECT NOT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)")
    issued = time.perf_counter()
    rows, copied = await _copied(town)
    return Round(rows, priced - started, planned - priced, issued - planned, copied)


async def price_all(town: MonthTown, at_once: int) -> None:
    """Price every charge by its activity's tariff, so many activities at once."""
    waiting = iter(town.activities)

    async def work() -> None:
        for activity_id in waiting:
            async with town.database.transaction() as connection:
                await pricing.price_activity(connection, activity_id, town.month.first)

    await asyncio.gather(*(work() for _ in range(at_once)))


async def _until(town: MonthTown, question: str, *values: UUID) -> None:
    async with asyncio.timeout(GIVE_UP_SECONDS), town.database.connection() as connection:
        while not await connection.fetchval(question, *values):  # noqa: ASYNC110 - it is elsewhere
            await asyncio.sleep(LOOK_SECONDS)


async def _copied(town: MonthTown) -> tuple[int, float]:
    """Take the finished rows out, empty their tables, and copy them in again: rows and seconds."""
    folder = town.folder / "rows"
    folder.mkdir(exist_ok=True)
    columns = {"outbox": OUTBOX.split(", ")}
    async with town.database.connection() as connection:
        for table in WRITTEN:
            await connection.copy_from_table(
                table,
                columns=columns.get(table),
                output=folder / table,
                format="binary",
                timeout=BULK_SECONDS,
            )
        await connection.execute(f"TRUNCATE {', '.join(WRITTEN)} CASCADE", timeout=BULK_SECONDS)
        await town.settle()
        rows, started = 0, time.perf_counter()
        async with connection.transaction():
            for table in WRITTEN:
                done = await connection.copy_to_table(
                    table,
                    columns=columns.get(table),
                    source=folder / table,
                    format="binary",
                    timeout=BULK_SECONDS,
                )
                rows += int(done.split()[-1])
        return rows, time.perf_counter() - started


def _speed_up(cases: dict[str, Any]) -> dict[str, float]:
    alone = cases["1"]["seconds"]["median"]
    return {name: round(alone / case["seconds"]["median"], 2) for name, case in cases.items()}


def _tables(report: dict[str, Any]) -> RenderableType:
    title = f"{report['families']} families, {report['lines']} lines"
    table = Table(
        title, "seconds", "families/s", "rows/s", "copy s", "ratio (≥ 0.2)", "speed-up", "MB"
    )
    for name, case in report["workers"].items():
        shown = ("seconds", "families_per_second", "rows_per_second", "copy_seconds")
        table.add_row(
            f"workers: {name}",
            *(_spread(case[column]) for column in (*shown, "ratio_to_copy")),
            str(report["speed_up"][name]),
            str(case["peak_megabytes_a_worker"]),
        )
    phases = Table("seconds of", "price", "plan", "issue and send")
    for name, case in report["workers"].items():
        columns = ("price_seconds", "plan_seconds", "issue_seconds")
        phases.add_row(f"workers: {name}", *(_spread(case[column]) for column in columns))
    growth = Table("one worker, families", "price s", "plan s", "issue s", "copy s")
    for size, done in report["growth_with_one_worker"].items():
        growth.add_row(size, *(f"{done[part]:.2f}" for part in ("price", "plan", "issue", "copy")))
    statements = Table("statement", "seconds")
    for name, seconds in report["seconds_by_statement"].items():
        statements.add_row(name, f"{seconds:.2f}")
    return Group(table, phases, growth, statements)


def _spread(values: dict[str, float]) -> str:
    return f"{values['median']:.2f} ({values['min']:.2f}–{values['max']:.2f})"
