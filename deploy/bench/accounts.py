"""`portail bench accounts`: sign-ins beside bare password checks, and who waits meanwhile."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from argon2 import PasswordHasher
from rich.console import Console
from rich.table import Table

from deploy.bench import measure
from deploy.bench.journey import Tell
from deploy.bench.measure import Request, Round, burst, spread, summary
from deploy.bench.parents import PASSWORD, signed_in_parents
from deploy.demo.portal import LoadFailed
from deploy.trial import TrialTown, trial_town

FAMILIES = 40
PARENTS = 12
PAIRS = 5
# Some seconds a round: a sign-in takes a core for a tenth of a second.
SIGN_INS = 32
# Ten seconds: 4 of the reads are the slowest hundredth.
READS = 400
# A phone in every hand: as many reads a second as a town of families makes at seven in the evening.
READS_PER_SECOND = 40
# What the figures are read against: they are reported, not judged.
GOALS = {"ratio_to_bare": "≥ 0.9", "p99_ratio": "< 2"}


@dataclass(frozen=True, slots=True)
class Parent:
    """A login that can be used, and a session to read with."""

    login: str
    token: str


def run(*, as_json: bool) -> None:
    """Measure and print the report, telling on standard error how far it is."""
    console = Console(stderr=True)
    with console.status("") as status:
        report = asyncio.run(measured(lambda text: status.update(text)))
    if as_json:
        print(json.dumps(report, indent=2))
    else:
        Console().print(_table(report))


async def measured(tell: Tell) -> dict[str, Any]:
    """Measure, telling what is being done; return the report."""
    tell(f"starting a town of {FAMILIES} families")
    with TemporaryDirectory() as folder:
        async with trial_town(FAMILIES, Path(folder)) as (town, _seconds):
            tell(f"{PARENTS} parents choose their passwords")
            found = await signed_in_parents(town, PARENTS)
            parents = [Parent(login, token) for login, token in found]
            async with _sides(town) as sides:
                report = await _sign_ins(sides, parents, tell)
                report["others"] = await _others(sides, parents, tell)
            pids = {n: p for n, p in town.processes().items() if n in ("accounts", "gateway")}
            report["resident_megabytes"] = {
                name: measure.resident_megabytes(pid) for name, pid in pids.items()
            }
    report["goals"] = GOALS
    report["settings"] = {
        "cores": os.cpu_count(),
        "requests_at_once": measure.AT_ONCE,
        "argon2": "argon2id, the library's defaults",
    }
    return report


class Sides:
    """A sign-in through the gateway, and the bare check of a password."""

    def __init__(self, town: TrialTown, session: aiohttp.ClientSession) -> None:
        self._url = town.ports.url("gateway") + "/api/v1"
        self._session = session
        self._pool = ProcessPoolExecutor()
        self._known = PasswordHasher().hash(PASSWORD)

    def sign_in(self, parent: Parent) -> Request:
        """As a parent's phone does it."""
        body = {"login": parent.login, "password": PASSWORD}
        return lambda: self._ask("POST", "/tokens", 201, json=body)

    def read(self, parent: Parent) -> Request:
        """What the others do meanwhile: look at their family file."""
        headers = {"Authorization": f"Bearer {parent.token}"}
        return lambda: self._ask("GET", "/family", 200, headers=headers)

    def bare(self, _parent: Parent) -> Request:
        """The least that a sign-in must do."""

        async def check() -> bool:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, _verified, self._known, PASSWORD)

        return check

    def close(self) -> None:
        """End the processes of the bare side."""
        self._pool.shutdown()

    async def _ask(self, method: str, path: str, expected: int, **options: Any) -> bool:
        async with self._session.request(method, self._url + path, **options) as answer:
            if answer.status not in (expected, 503):
                text = (await answer.text())[:300]
                raise LoadFailed(f"{method} {path}: {answer.status} {text}")
            await answer.read()
            return answer.status == expected


@asynccontextmanager
async def _sides(town: TrialTown) -> AsyncIterator[Sides]:
    async with aiohttp.ClientSession() as session:
        sides = Sides(town, session)
        yield sides
        sides.close()


async def _sign_ins(sides: Sides, parents: Sequence[Parent], tell: Tell) -> dict[str, Any]:
    """Rounds in turn, after a warm-up; then one of half and one of double as many sign-ins."""
    rounds: dict[str, list[Round]] = {"sign_in": [], "bare": []}
    for pair in range(PAIRS + 1):
        tell(f"round {pair} of {PAIRS}" if pair else "warming up")
        rounds["bare"].append(await burst([sides.bare(p) for p in _many(parents, SIGN_INS)]))
        rounds["sign_in"].append(await burst([sides.sign_in(p) for p in _many(parents, SIGN_INS)]))
    warm = {name: done[1:] for name, done in rounds.items()}
    ratios = [a.per_second / b.per_second for a, b in zip(*warm.values(), strict=True)]
    return {
        "sign_ins": {name: summary(done) for name, done in warm.items()},
        "ratio_to_bare": spread(ratios),
        "half_and_double": await _other_sizes(sides, parents, tell),
    }


async def _other_sizes(sides: Sides, parents: Sequence[Parent], tell: Tell) -> list[float]:
    """Sign-ins granted a second of half and of double as many, each over the bare side's."""
    ratios = []
    for count in (SIGN_INS // 2, SIGN_INS * 2):
        tell(f"{count} sign-ins")
        bare = await burst([sides.bare(p) for p in _many(parents, count)])
        ours = await burst([sides.sign_in(p) for p in _many(parents, count)])
        ratios.append(round(ours.per_second / bare.per_second, 3))
    return ratios


async def _others(sides: Sides, parents: Sequence[Parent], tell: Tell) -> dict[str, Any]:
    """What reading takes at a steady pace, before a storm of sign-ins and during it."""
    reads = [sides.read(parent) for parent in _many(parents, READS)]
    tell("reading in peace")
    before = await paced(reads)
    tell("reading in a storm of sign-ins")
    storm = asyncio.create_task(_storm(sides, parents))
    during = await paced(reads)
    storm.cancel()
    await asyncio.gather(storm, return_exceptions=True)
    return {
        "before": asdict(before),
        "during": asdict(during),
        "p99_ratio": round(during.p99_ms / before.p99_ms, 2),
        "reads_per_second": READS_PER_SECOND,
    }


async def _storm(sides: Sides, parents: Sequence[Parent]) -> None:
    while True:
        await burst([sides.sign_in(parent) for parent in _many(parents, SIGN_INS)])


async def paced(requests: Sequence[Request]) -> Round:
    """Each at its own time, whatever became of the one before."""
    loop = asyncio.get_running_loop()
    started, times, refused = loop.time(), list[float](), 0

    async def at(moment: float, request: Request) -> None:
        nonlocal refused
        await asyncio.sleep(max(0.0, started + moment - loop.time()))
        asked = loop.time()
        if await request():
            times.append((loop.time() - asked) * 1000)
        else:
            refused += 1

    await asyncio.gather(*(at(n / READS_PER_SECOND, r) for n, r in enumerate(requests)))
    return Round(
        requests=len(requests),
        refused=refused,
        per_second=round(len(times) / (loop.time() - started), 1),
        p50_ms=measure.percentile(times, 50),
        p99_ms=measure.percentile(times, 99),
    )


def _many(parents: Sequence[Parent], count: int) -> list[Parent]:
    return [parents[n % len(parents)] for n in range(count)]


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def _verified(known: str, password: str) -> bool:
    return _hasher().verify(known, password)


def _table(report: dict[str, Any]) -> Table:
    table = Table("what", "granted per second", "p50 ms", "p99 ms", "refused (503)", "goal")
    for name, case in report["sign_ins"].items():
        columns = ("requests_per_second", "p50_ms", "p99_ms")
        medians = (str(case[column]["median"]) for column in columns)
        table.add_row(name, *medians, str(case["refused"]), "")
    ratio, p99_ratio = report["ratio_to_bare"]["median"], report["others"]["p99_ratio"]
    table.add_row("ratio to bare", str(ratio), "", "", "", report["goals"]["ratio_to_bare"])
    half, double = report["half_and_double"]
    table.add_row("… half and double as many", f"{half} and {double}", "", "", "", "")
    for name in ("before", "during"):
        found = report["others"][name]
        figures = ("per_second", "p50_ms", "p99_ms", "refused")
        table.add_row(f"others {name}", *(str(found[figure]) for figure in figures), "")
    goal = report["goals"]["p99_ratio"]
    table.add_row("p99 during / before", "", "", str(p99_ratio), "", goal)
    return table
