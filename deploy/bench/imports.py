"""`portail bench imports`: files of families taken in, in bounded memory."""

import asyncio
import csv
import io
import json
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import asyncpg
from rich.console import Console
from rich.table import Table

from contracts.roles import OPERATOR
from deploy.bench import measure
from deploy.bench.measure import spread
from deploy.bench.showing import spread_text
from deploy.demo.portal import LoadFailed
from deploy.trial import TrialTown, trial_town
from services.chassis.auth import Caller
from services.chassis.http_client import CallerTokens

# A village's file five times over, then half and double as much, to see how the cost grows: time
# goes with the lines, and the memory is taken at the end of all of them.
CHILDREN = 8_000
PAIRS = 5
CHILDREN_A_FAMILY = 2
BATCH = 2_000
TELLING_SECONDS = 600
# What the town's file may cost in memory, whatever its size.
MOST_MEGABYTES = 300

HEADINGS = (
    "dossier", "adresse", "complement", "code_postal", "commune", "resident", "quotient",
    "quotient_fin", "resp1_nom", "resp1_prenom", "resp1_mail", "resp1_telephone", "enfant_nom",
    "enfant_prenom", "enfant_naissance", "enfant_ecole", "enfant_classe", "enfant_regime",
    "enfant_allergies",
)  # fmt: skip
CLASSES = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
TABLE = "CREATE TABLE bare_import (line integer, cells text[])"


def run(*, as_json: bool) -> None:
    """Measure and print."""
    console = Console(stderr=True)
    with console.status("importing in a town of its own"):
        report = asyncio.run(measured())
    if as_json:
        print(json.dumps(report, indent=2))
        return
    Console().print(import_table(report))


async def measured(children: int = CHILDREN, pairs: int = PAIRS) -> dict[str, Any]:
    """Measure in a fresh town, whose accounts have held nothing yet; return the report."""
    with TemporaryDirectory() as folder:
        async with trial_town(20, Path(folder)) as (town, _):
            return await measure_import(town, children, pairs)


async def measure_import(town: TrialTown, children: int, pairs: int) -> dict[str, Any]:
    """Files of that many children in turn with a bare COPY, then of half and double as many."""
    pid = town.processes()["accounts"]
    rest = measure.resident_megabytes(pid)
    await _pair(town, "warm-", children // 4)
    same = [await _pair(town, f"{number}-", children) for number in range(pairs)]
    half = await _pair(town, "half-", children // 2)
    double = await _pair(town, "double-", children * 2)
    seconds = statistics.median(pair.imported for pair in same)
    return {
        "children": children,
        "pairs": pairs,
        "bare_copy_seconds": spread([pair.copied for pair in same]),
        "import_seconds": spread([pair.imported for pair in same]),
        "ratio_to_bare": spread([pair.copied / pair.imported for pair in same]),
        "import_again_seconds": spread([pair.again for pair in same]),
        "children_per_second": round(children / seconds),
        "half_and_double": [half.imported / seconds, double.imported / seconds],
        "resident_megabytes": {"at_rest": rest["now"], **measure.resident_megabytes(pid)},
        "most_megabytes": MOST_MEGABYTES,
    }


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds of one file: its cells copied bare, taken in, and taken in once more."""

    copied: float
    imported: float
    again: float


async def _pair(town: TrialTown, name: str, children: int) -> Pair:
    content = b"".join(families_file(children, name))
    copied = await _bare(town, content)
    first = await _import(town, content)
    # The town hears of every family meanwhile, which is no part of what is measured.
    await _until_told(town)
    again = await _import(town, content)
    if again["unchanged"] != first["created"] or not first["created"]:
        raise LoadFailed(f"the same file again changed something: {again}")
    return Pair(copied, first["seconds"], again["seconds"])


async def _import(town: TrialTown, content: bytes) -> dict[str, Any]:
    token = CallerTokens(town.signer).token(Caller(frozenset({OPERATOR})))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv"}
    url = f"{town.ports.url('accounts')}/imports/families"
    started = time.perf_counter()
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session,
        session.post(url, data=_parts(content), headers=headers) as answer,
    ):
        if answer.status != 200:
            raise LoadFailed(f"{url}: {answer.status} {(await answer.text())[:300]}")
        report: dict[str, Any] = await answer.json()
    return report | {"seconds": round(time.perf_counter() - started, 3)}


async def _until_told(town: TrialTown) -> None:
    connection = await asyncpg.connect(town.database_url("accounts"))
    try:
        async with asyncio.timeout(TELLING_SECONDS):
            while True:
                waiting = await connection.fetchval(
                    "SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)"
                )
                if not waiting:
                    return
                await asyncio.sleep(0.5)
    finally:
        await connection.close()


async def _parts(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 256 * 1024):
        yield content[start : start + 256 * 1024]


async def _bare(town: TrialTown, content: bytes) -> float:
    """The least that it would cost: the cells read and copied into a table, nothing judged."""
    connection = await asyncpg.connect(town.database_url("accounts"))
    try:
        await connection.execute(TABLE)
        started = time.perf_counter()
        rows = enumerate(csv.reader(io.StringIO(content.decode()), delimiter=";"))
        async with connection.transaction():
            while batch := list(islice(rows, BATCH)):
                await connection.copy_records_to_table("bare_import", records=batch)
        seconds = round(time.perf_counter() - started, 3)
        await connection.execute("DROP TABLE bare_import")
        return seconds
    finally:
        await connection.close()


def families_file(children: int, called: str = "") -> Iterator[bytes]:
    """Families of two children, in parts; mail `famille0@exemple.fr` … with `called` before 0."""
    yield (";".join(HEADINGS) + "\n").encode()
    for number in range(children):
        family = number // CHILDREN_A_FAMILY
        name = f"Le Bihan {_letters(family)}"
        cells = (
            f"B-{called}{family:07}", f"{family % 90 + 1} rue du Général-de-Gaulle", "", "56300",
            "Pontivy", "oui", str(family % 2000), "2030-08-31", name, "Soizic",
            f"famille{called}{family}@exemple.fr", f"06{family:08}", name,
            f"Enfant {_letters(number % CHILDREN_A_FAMILY)}", f"20{16 + number % 8}-05-04",
            "JZAY", CLASSES[number % 8], "standard", "",
        )  # fmt: skip
        yield (";".join(cells) + "\n").encode()


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def import_table(report: dict[str, Any]) -> Table:
    """The report for a person."""
    title = f"{report['pairs']} files of {report['children']} children"
    table = Table("what", "median (least–most)", title=title)
    for name, figures in (
        ("bare COPY of the cells, s", "bare_copy_seconds"),
        ("import, s", "import_seconds"),
        ("ratio to bare", "ratio_to_bare"),
        ("the same file again, s", "import_again_seconds"),
    ):
        table.add_row(name, spread_text(report[figures]))
    half, double = report["half_and_double"]
    table.add_row("half and double the file cost", f"{half:.2f} and {double:.2f} times")
    table.add_row("children a second", str(report["children_per_second"]))
    resident = report["resident_megabytes"]
    table.add_row("accounts, resident MB at rest", str(resident["at_rest"]))
    table.add_row(f"… at most (goal: {report['most_megabytes']})", str(resident["peak"]))
    return table
