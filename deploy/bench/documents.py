"""`portail bench documents`: what a large file costs on its way into a vault and out again."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import aiohttp
from rich.console import Console
from rich.table import Table

from contracts.roles import GUARDIAN
from deploy.bench.bare import until_it_answers
from deploy.bench.measure import resident_megabytes, spread
from deploy.bench.showing import spread_text
from deploy.demo.portal import LoadFailed, Portal
from deploy.trial import TrialTown, trial_town
from services.chassis.auth import Caller
from services.chassis.http_client import CallerTokens

FAMILIES = 4
MEGABYTES = 200
ROUNDS = 4
# What the figures are read against: they are reported, not judged.
GOALS = {"ratio_to_bare": "≥ 0.3", "resident_megabytes": "flat"}
PART = os.urandom(1024 * 1024)
PASSPHRASE = "sept petits canards nagent vers une mare"  # noqa: S105 - of a town that lives a minute

Tell = Callable[[str], None]


def run(*, as_json: bool) -> None:
    """Measure and print the report, telling on standard error how far it is."""
    console = Console(stderr=True)
    with console.status("") as status:
        report = asyncio.run(measured(lambda text: status.update(text)))
    if as_json:
        print(json.dumps(report, indent=2))
    else:
        Console().print(*_tables(report), sep="\n")


async def measured(tell: Tell) -> dict[str, Any]:
    """Measure, telling what is being done; return the report."""
    tell(f"starting a town of {FAMILIES} families")
    with TemporaryDirectory(prefix="portail-bench-") as folder:
        async with (
            trial_town(FAMILIES, Path(folder)) as (town, _),
            _bare(town, Path(folder)) as bare,
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600)) as session,
        ):
            return await _measure_in(session, town, bare, tell)


@dataclass(frozen=True, slots=True)
class Bare:
    """The bare handler's process."""

    url: str
    pid: int


@dataclass(frozen=True, slots=True)
class Side:
    """One way to move a file: where it is sent, and how the answer tells where it is read."""

    upload: str
    headers: Callable[[], dict[str, str]]

    def download(self, answer: dict[str, Any]) -> str:
        """Where the file that was sent is read."""
        identifier = answer.get("document_id")
        return f"{self.upload}/{identifier}/content" if identifier else self.upload


@asynccontextmanager
async def _bare(town: TrialTown, folder: Path) -> AsyncIterator[Bare]:
    port = town.ports.of_copy(0)
    (folder / "copy").touch()  # it is asked for before anything was sent
    environment = {
        **os.environ,
        "BASELINE_PORT": str(port),
        "BASELINE_FOLDER": str(folder),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.bench.copying", env=environment, stdout=subprocess.DEVNULL
    )
    try:
        async with aiohttp.ClientSession() as session:
            await until_it_answers(session, f"http://127.0.0.1:{port}/")
        yield Bare(f"http://127.0.0.1:{port}/", process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _measure_in(
    session: aiohttp.ClientSession, town: TrialTown, bare: Bare, tell: Tell
) -> dict[str, Any]:
    sides = {
        "gateway": await _through_gateway(session, town),
        "service": await _at_service(session, town),
        "bare": Side(bare.url, dict),
    }
    at_rest = _memory(town, bare)
    found: dict[str, dict[str, list[float]]] = {
        name: {"upload": [], "download": []} for name in sides
    }
    for number in range(ROUNDS + 1):
        tell(f"round {number} of {ROUNDS}, {MEGABYTES} MB each way" if number else "warming up")
        for name, side in sides.items():
            up, down = await _round_trip(session, side)
            if number:
                found[name]["upload"].append(up)
                found[name]["download"].append(down)
    return _report(found) | {
        "goals": GOALS,
        "resident_megabytes": {"at_rest": at_rest, "after": _memory(town, bare)},
        "settings": {"megabytes": MEGABYTES, "rounds": ROUNDS, "cores": os.cpu_count()},
    }


def _report(found: dict[str, dict[str, list[float]]]) -> dict[str, Any]:
    """Megabytes a second of each side, and its ratio to the bare copy of the same round."""
    return {
        "megabytes_per_second": {
            name: {way: spread(rates) for way, rates in ways.items()}
            for name, ways in found.items()
        },
        "ratio_to_bare": {
            name: {
                way: spread([a / b for a, b in zip(rates, found["bare"][way], strict=True)])
                for way, rates in ways.items()
            }
            for name, ways in found.items()
            if name != "bare"
        },
    }


async def _round_trip(session: aiohttp.ClientSession, side: Side) -> tuple[float, float]:
    """Megabytes a second in and out; the file is removed afterwards."""
    started = time.perf_counter()
    async with session.post(side.upload, data=_file(), headers=side.headers()) as answer:
        if answer.status not in (200, 201):
            raise LoadFailed(f"{side.upload}: {answer.status} {(await answer.text())[:300]}")
        kept = await answer.json()
    up = MEGABYTES / (time.perf_counter() - started)
    address, size, started = side.download(kept), 0, time.perf_counter()
    async with session.get(address, headers=side.headers()) as answer:
        async for part in answer.content.iter_any():
            size += len(part)
    if size != MEGABYTES * len(PART):
        raise LoadFailed(f"{address}: {size} bytes came back")
    down = MEGABYTES / (time.perf_counter() - started)
    if "document_id" in kept:
        async with session.delete(address.removesuffix("/content"), headers=side.headers()):
            pass
    return up, down


async def _file() -> AsyncIterator[bytes]:
    for _ in range(MEGABYTES):
        yield PART


async def _through_gateway(session: aiohttp.ClientSession, town: TrialTown) -> Side:
    """As a parent's program does it."""
    portal = Portal(session, town.ports.url("gateway"))
    login = town.logins["guardian"]
    signed_in = await portal.call(
        "POST", "/tokens", body={"login": login["login"], "password": login["password"]}
    )
    token = signed_in["access_token"]
    made = await portal.call("POST", "/vault", token, body={"passphrase": PASSPHRASE})
    headers = {"Authorization": f"Bearer {token}", "X-Vault-Token": made["token"]}
    return Side(f"{town.ports.url('gateway')}/api/v1/vault/documents", lambda: headers)


async def _at_service(session: aiohttp.ClientSession, town: TrialTown) -> Side:
    """As the gateway does it."""
    caller = Caller(frozenset({GUARDIAN}), uuid4(), uuid4(), uuid4())
    tokens, vault = CallerTokens(town.signer), f"{town.ports.url('documents')}/vault"

    def signed(vault_token: str = "") -> dict[str, str]:
        bearer = f"Bearer {tokens.token(caller)}"
        return {"Authorization": bearer, "X-Vault-Token": vault_token}

    body = {"passphrase": PASSPHRASE}
    async with session.post(vault, json=body, headers=signed()) as answer:
        made = await answer.json()
    return Side(f"{vault}/documents", lambda: signed(made["token"]))


def _memory(town: TrialTown, bare: Bare) -> dict[str, dict[str, float]]:
    processes = town.processes()
    found = {name: processes[name] for name in ("gateway", "documents")} | {"bare": bare.pid}
    return {name: resident_megabytes(pid) for name, pid in found.items()}


def _tables(report: dict[str, Any]) -> list[Table]:
    goal = f"(goal: {report['goals']['ratio_to_bare']})"
    columns = ("upload MB/s", "download MB/s", f"ratio up {goal}", f"ratio down {goal}")
    speed = Table(f"{MEGABYTES} MB", *columns)
    for name, ways in report["megabytes_per_second"].items():
        ratio = report["ratio_to_bare"].get(name, {})
        speed.add_row(
            name,
            *(spread_text(ways[way]) for way in ("upload", "download")),
            *(spread_text(ratio[way]) if ratio else "1" for way in ("upload", "download")),
        )
    memory = Table("resident MB (goal: flat)", "at rest", "after", "peak")
    after = report["resident_megabytes"]["after"]
    for name, rest in report["resident_megabytes"]["at_rest"].items():
        memory.add_row(name, *map(str, (rest["now"], after[name]["now"], after[name]["peak"])))
    return [speed, memory]
