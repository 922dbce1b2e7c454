"""`portail bench pdf`: what an invoice costs beside an empty page of the same engine.

A second baseline, the letterhead alone, tells apart what the letter costs (fonts embedded, mark,
address, tags, archival format) and what its lines do. The texts differ from paper to paper, so
that the engine cannot answer out of what it remembers.
"""

import json
import multiprocessing
import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst
from rich.console import Console
from rich.table import Table

from deploy.bench.invoices import LINES, letterhead_only, sample
from deploy.bench.measure import percentile, resident_megabytes, spread
from deploy.bench.showing import spread_text
from services.billing.papers import FONTS, set_paper

PAIRS = 7
PAPERS = 60
GOALS = {"ratio_to_empty_page": "≥ 0.5", "two_processes": "≥ 1.8"}
BLANK = Path(__file__).with_name("blank.typ")

Side = Literal["empty page", "letterhead", "invoice"]


@dataclass(frozen=True, slots=True)
class Sheaf:
    """Papers that one process set one after the other, and what it took.

    `processor_ms`: of each, whatever else the machine did meanwhile.
    """

    times_ms: tuple[float, ...]
    processor_ms: float
    megabytes: Mapping[str, float]


def run(*, as_json: bool) -> None:
    """Measure and print the report, telling on standard error how far it is."""
    console = Console(stderr=True)
    with console.status("setting invoices"), _workers() as workers:
        report = measured(workers)
    if as_json:
        print(json.dumps(report, indent=2))
    else:
        Console().print(*_tables(report), sep="\n")


def measured(
    workers: tuple[ProcessPoolExecutor, ...], pairs: int = PAIRS, papers: int = PAPERS
) -> dict[str, Any]:
    """Measure in processes of one worker each, the baselines in turn; return the report."""
    sides: dict[str, tuple[Side, int]] = {
        "empty page": ("empty page", 0),
        "letterhead": ("letterhead", 0),
        **{f"{lines} lines": ("invoice", lines) for lines in (LINES // 2, LINES, 2 * LINES)},
    }
    one: dict[str, list[float]] = {name: [] for name in sides}
    times: dict[str, list[float]] = {name: [] for name in sides}
    spent: dict[str, list[float]] = {name: [] for name in sides}
    two: list[float] = []
    for pair in range(pairs + 1):
        for name, (side, lines) in sides.items():
            rate, sheaves = _round(workers[:1], side, lines, pair, papers)
            if pair:
                one[name].append(rate)
                times[name] += sheaves[0].times_ms
                spent[name].append(sheaves[0].processor_ms)
        rate, sheaves = _round(workers, "invoice", LINES, pair, papers)
        two += [rate] if pair else []
    return _report(one, times, spent, two, sheaves)


def _round(
    workers: tuple[ProcessPoolExecutor, ...], side: Side, lines: int, pair: int, papers: int
) -> tuple[float, list[Sheaf]]:
    """Papers a second, all workers at once, and what each of them did."""
    started = time.perf_counter()
    waiting = [
        worker.submit(set_sheaf, side, lines, (pair * len(workers) + n) * papers, papers)
        for n, worker in enumerate(workers)
    ]
    sheaves = [each.result() for each in waiting]
    return papers * len(workers) / (time.perf_counter() - started), sheaves


def set_sheaf(side: Side, lines: int, first: int, papers: int) -> Sheaf:
    """In a worker: set so many papers, none like another."""
    times = []
    began = time.process_time()
    for number in range(first, first + papers):
        started = time.perf_counter()
        if side == "empty page":
            _blank().compile(sys_inputs={"number": str(number)})
        elif side == "letterhead":
            set_paper("invoice", letterhead_only(number))
        else:
            set_paper("invoice", sample(number, lines))
        times.append((time.perf_counter() - started) * 1000)
    spent = (time.process_time() - began) * 1000 / papers
    return Sheaf(tuple(times), spent, resident_megabytes(os.getpid()))


@lru_cache(maxsize=1)
def _blank() -> Any:
    return typst.Compiler(str(BLANK), font_paths=[str(FONTS)], ignore_system_fonts=True)


@contextmanager
def _workers() -> Iterator[tuple[ProcessPoolExecutor, ...]]:
    """Two processes, begun as the service's own."""
    context = multiprocessing.get_context("spawn")
    workers = tuple(ProcessPoolExecutor(1, mp_context=context) for _ in range(2))
    try:
        yield workers
    finally:
        for worker in workers:
            worker.shutdown(cancel_futures=True)


def _report(
    one: Mapping[str, list[float]],
    times: Mapping[str, list[float]],
    spent: Mapping[str, list[float]],
    two: list[float],
    sheaves: list[Sheaf],
) -> dict[str, Any]:
    invoice = f"{LINES} lines"
    return {
        "papers_per_second": {name: spread(rates) for name, rates in one.items()},
        "p50_ms": {name: percentile(found, 50) for name, found in times.items()},
        "p99_ms": {name: percentile(found, 99) for name, found in times.items()},
        "processor_ms": {name: spread(each) for name, each in spent.items()},
        "ratio_to_empty_page": _ratio(one[invoice], one["empty page"]),
        "ratio_to_letterhead": _ratio(one[invoice], one["letterhead"]),
        "two_processes": {"papers_per_second": spread(two), "speedup": _ratio(two, one[invoice])},
        "resident_megabytes": [dict(sheaf.megabytes) for sheaf in sheaves],
        "goals": GOALS,
        "settings": {"pairs": len(two), "papers": PAPERS, "cores": os.cpu_count()},
    }


def _ratio(ours: list[float], others: list[float]) -> dict[str, float]:
    return spread([a / b for a, b in zip(ours, others, strict=True)])


def _tables(report: Mapping[str, Any]) -> list[Table]:
    speed = Table("one process", "papers/s", "p50 ms", "p99 ms", "processor ms")
    for name, rates in report["papers_per_second"].items():
        found = (str(report[p][name]) for p in ("p50_ms", "p99_ms"))
        speed.add_row(name, spread_text(rates), *found, spread_text(report["processor_ms"][name]))
    ratios = Table(f"an invoice of {LINES} lines", "ratio", "goal")
    goals = report["goals"]
    ratios.add_row(
        "to an empty page", spread_text(report["ratio_to_empty_page"]), goals["ratio_to_empty_page"]
    )
    ratios.add_row("to the letterhead alone", spread_text(report["ratio_to_letterhead"]), "")
    speedup = report["two_processes"]["speedup"]
    ratios.add_row("two processes to one", spread_text(speedup), goals["two_processes"])
    peaks = ", ".join(str(each["peak"]) for each in report["resident_megabytes"])
    ratios.add_row("resident MB at most, each process", peaks, "")
    return [speed, ratios]
