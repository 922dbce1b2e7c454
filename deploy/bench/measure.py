"""Loads a server with a bounded number of requests at once, and sums up what came of it."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AT_ONCE = 16

Request = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Round:
    """One burst: how many requests a second were granted, and how long each of these took."""

    requests: int
    refused: int
    per_second: float
    p50_ms: float
    p99_ms: float


async def burst(requests: Sequence[Request], at_once: int = AT_ONCE) -> Round:
    """Send them all, `at_once` at a time; a request answers whether it was granted."""
    waiting = iter(requests)
    times: list[float] = []
    refused = 0

    async def sender() -> None:
        nonlocal refused
        for request in waiting:
            started = time.perf_counter()
            granted = await request()
            if granted:
                times.append((time.perf_counter() - started) * 1000)
            else:
                refused += 1

    started = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(at_once)))
    seconds = time.perf_counter() - started
    return Round(
        requests=len(requests),
        refused=refused,
        per_second=round(len(times) / seconds, 1),
        p50_ms=percentile(times, 50),
        p99_ms=percentile(times, 99),
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of them lie; 0 when there is none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 2)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Smallest, median and greatest."""
    return {
        "min": round(min(values), 3),
        "median": round(statistics.median(values), 3),
        "max": round(max(values), 3),
    }


def summary(rounds: Sequence[Round]) -> dict[str, Any]:
    """A case over all its rounds."""
    return {
        "requests_per_second": spread([r.per_second for r in rounds]),
        "p50_ms": spread([r.p50_ms for r in rounds]),
        "p99_ms": spread([r.p99_ms for r in rounds]),
        "refused": sum(r.refused for r in rounds),
    }


def resident_megabytes(pid: int) -> dict[str, float]:
    """What a process holds in memory now, and the most it held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return {
        "now": round(int(fields["VmRSS"].split()[0]) / 1024, 1),
        "peak": round(int(fields["VmHWM"].split()[0]) / 1024, 1),
    }


def resident_of(processes: Mapping[str, int]) -> dict[str, dict[str, float]]:
    """The same of each of these processes, by name."""
    return {name: resident_megabytes(pid) for name, pid in sorted(processes.items())}
