"""`portail bench opening-day`: a whole town at once at the portal's door, for too few places."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import asyncpg
import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from deploy.bench import measure
from deploy.bench.crowd import CONNECTIONS, STEPS, Crowd, Diary, crowd_session
from deploy.bench.journey import until_it_answers
from deploy.bench.measure import Request, Round, burst, percentile, spread, summary
from deploy.bench.opening_table import report_tables
from deploy.bench.opening_town import WISHES, Household, OpeningTown, Wish
from deploy.demo.portal import LoadFailed
from deploy.trial import TrialTown, trial_town
from services.chassis.clock import paris_date, utc_now

FAMILIES = 2_500
DEMO_FAMILIES = 12
PAIRS = 4
# One round of a pair: so large a part of the families books once more.
ROUND_SHARE = 5
GIVEN_BACK = 100
OFFERS_SECONDS = 30
GOAL_RATIO = 0.5
GOAL_P99 = 20

# A place that is offered to who waits is taken as well.
OVERBOOKED = """
SELECT count(*) FROM session s
WHERE s.booked + coalesce((to_jsonb(s) ->> 'offered')::int, 0) > s.capacity OR s.booked <> (
    SELECT count(*) FROM reservation r WHERE r.session_id = s.session_id AND r.confirmed)
"""
# Somebody still waits who came before somebody that has got, or been offered, a place.
OVERTAKEN = """
SELECT count(*) FROM waiting earlier JOIN waiting later USING (session_id)
WHERE earlier.position < later.position AND earlier.state = 'waiting'
  AND later.state IN ('offered', 'placed')
"""
SERVED = "SELECT count(*) FROM waiting WHERE state IN ('offered', 'placed')"
WAITING = "SELECT count(*) FROM waiting"


class Teller:
    """Tells on standard error what is being done, and how far it is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def step(self, text: str, total: int | None = None) -> None:
        """Something new begins; `total` when it can be counted."""
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1)
        self._task = self._progress.add_task(text, total=total)

    def done(self, count: int) -> None:
        """So much of it is done."""
        if self._task is not None:
            self._progress.update(self._task, completed=count)


def run(*, as_json: bool, families: int = FAMILIES) -> None:
    """Measure and print the report."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=Console(stderr=True)) as progress,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        report = runner.run(measured(families, Teller(progress)))
    if as_json:
        print(json.dumps(report, indent=2))
    else:
        Console().print(*report_tables(report), sep="\n")


async def measured(families: int, teller: Teller) -> dict[str, Any]:
    """Prepare a town, open the doors, then compare with the least that booking can cost."""
    today = paris_date(utc_now())
    teller.step("a town starts")
    with TemporaryDirectory(prefix="portail-bench-") as folder:
        async with trial_town(DEMO_FAMILIES, Path(folder)) as (town, _):
            reservations = await asyncpg.connect(town.database_url("reservations"))
            try:
                return await _OpeningDay(town, reservations, today, teller).measure(families)
            finally:
                await reservations.close()


class _OpeningDay:
    def __init__(
        self, town: TrialTown, database: "asyncpg.Connection[Any]", today: date, teller: Teller
    ) -> None:
        self._town = town
        self._database = database
        self._today = today
        self._teller = teller
        self._prepared = OpeningTown(town, database)

    async def measure(self, families: int) -> dict[str, Any]:
        self._teller.step(f"{families} families move in")
        households = await self._prepared.settle(families)
        at_rest = self._memory()
        wishes = await self._prepared.contest(households, self._today)
        has_lists = await self._database.fetchval("SELECT to_regclass('waiting') IS NOT NULL")
        async with crowd_session() as session:
            self._teller.step(f"{families} families sign in, look and book", families)
            began = time.perf_counter()
            crowd = Crowd(session, self._town.ports.url("gateway"), self._today)
            extra = {"waitlist": True} if has_lists else {}
            diary = await crowd.come(wishes, extra, self._teller.done)
            report = {
                "families": families,
                "opening": _opening(diary, began),
                "waiting_list": await self._lines(session, diary) if has_lists else "none",
                **await self._compare(session, households, diary),
            }
        report["overbooked_sessions"] = await self._database.fetchval(OVERBOOKED)
        report["resident_megabytes"] = {"at_rest": at_rest, "after_load": self._memory()}
        report["settings"] = _settings()
        return report | {"goals": _goals(report)}

    async def _lines(self, session: aiohttp.ClientSession, diary: Diary) -> dict[str, Any]:
        """Give some places back, and see who gets them."""
        self._teller.step("places are given back")
        url = f"{self._town.ports.url('gateway')}/api/v1/reservations"
        for family_id, reservation_id in diary.confirmed[:GIVEN_BACK]:
            headers = {"Authorization": f"Bearer {diary.tokens[family_id]}"}
            async with session.delete(f"{url}/{reservation_id}", headers=headers) as answer:
                if answer.status >= 300:
                    raise LoadFailed(f"giving back: {answer.status} {await answer.text()}")
        freed = min(GIVEN_BACK, len(diary.confirmed))
        deadline = time.monotonic() + OFFERS_SECONDS
        while (served := await self._database.fetchval(SERVED)) < freed:
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.5)
        return {
            "waited": await self._database.fetchval(WAITING),
            "given_back": freed,
            "offered_or_placed": served,
            "order_violations": await self._database.fetchval(OVERTAKEN),
        }

    async def _compare(
        self, session: aiohttp.ClientSession, households: Sequence[Household], diary: Diary
    ) -> dict[str, Any]:
        """Rounds in turn, A B A B, after a warm-up; then at half and at double size."""
        size = max(1, len(households) // ROUND_SHARE)
        sizes = [size] * (PAIRS + 1) + [max(1, size // 2), min(size * 2, len(households))]
        chosen = [h for h in households if h.family_id in diary.tokens]
        contests = [await self._prepared.contest(chosen[:n], self._today) for n in sizes]
        await self._prepared.copy_tables()
        rounds: dict[str, list[Round]] = {"gateway": [], "bare": []}
        async with _bare(self._town) as bare_url:
            sides = _Sides(session, self._town.ports.url("gateway"), bare_url, diary)
            for number, wishes in enumerate(contests[: PAIRS + 1]):
                self._teller.step(f"round {number} of {PAIRS}" if number else "warming up")
                rounds["gateway"].append(await burst([sides.gateway(wish) for wish in wishes]))
                rounds["bare"].append(await burst([sides.bare(wish) for wish in wishes]))
            self._teller.step("half and double size")
            growth = [await burst([sides.gateway(w) for w in c]) for c in contests[PAIRS + 1 :]]
        warm = {name: done[1:] for name, done in rounds.items()}
        return {
            "baskets": {name: summary(done) for name, done in warm.items()},
            "bookings_per_second": {
                name: spread([r.per_second * WISHES for r in done]) for name, done in warm.items()
            },
            "ratio_to_bare": spread(
                [a.per_second / b.per_second for a, b in zip(*warm.values(), strict=True)]
            ),
            "growth_through_gateway": {str(r.requests): asdict(r) for r in growth},
        }

    def _memory(self) -> dict[str, dict[str, float]]:
        found = self._town.processes()
        return {name: measure.resident_megabytes(pid) for name, pid in sorted(found.items())}


class _Sides:
    """The two ways to book a basket: through the gateway, and at the bare handler."""

    def __init__(
        self, session: aiohttp.ClientSession, gateway_url: str, bare_url: str, diary: Diary
    ) -> None:
        self._session = session
        self._gateway = f"{gateway_url}/api/v1/reservations"
        self._bare = bare_url
        self._tokens = diary.tokens

    def gateway(self, wish: Wish) -> Request:
        """As a parent's phone does it."""
        headers = {"Authorization": f"Bearer {self._tokens[wish.household.family_id]}"}
        return lambda: self._send(self._gateway, {"items": wish.items}, headers)

    def bare(self, wish: Wish) -> Request:
        """As the least program would do it."""
        body = {"items": wish.items, "family_id": str(wish.household.family_id)}
        return lambda: self._send(self._bare, body, {})

    async def _send(self, url: str, body: Any, headers: dict[str, str]) -> bool:
        async with self._session.post(url, json=body, headers=headers) as answer:
            if answer.status != 200:
                raise LoadFailed(f"{url}: {answer.status} {(await answer.text())[:300]}")
            return b'"refused"' not in await answer.read()


@asynccontextmanager
async def _bare(town: TrialTown) -> AsyncIterator[str]:
    port = town.ports.of_copy(0)
    environment = {
        **os.environ,
        "BASELINE_PORT": str(port),
        "BASELINE_DATABASE_URL": town.database_url("reservations"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.bench.basket", env=environment, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        async with aiohttp.ClientSession() as session:
            await until_it_answers(session, url)
        yield url
    finally:
        process.terminate()
        await process.wait()


def _opening(diary: Diary, began: float) -> dict[str, Any]:
    booked = len(diary.booked_at) * WISHES
    ended = max(diary.booked_at, default=began)
    booking = ended - min(diary.booked_at, default=began)
    return {
        "seconds": round(ended - began, 1),
        "bookings": booked,
        # Signing in is what takes long: a password is made to be slow to check.
        "bookings_per_second": round(booked / booking, 1) if booking else 0.0,
        "steps": {
            name: {
                "p50_ms": percentile(diary.times[name], 50),
                "p99_ms": percentile(diary.times[name], 99),
            }
            for name in STEPS
        },
        "waiting_room": {
            "waited": len(diary.first_places),
            "longest_line": max(diary.first_places, default=0),
            "looks": diary.looks,
            "p50_seconds": percentile(diary.waits, 50),
            "p99_seconds": percentile(diary.waits, 99),
        },
        "told_to_come_back_by_accounts": diary.told_to_come_back,
        "outcomes": dict(diary.outcomes),
        "errors": len(diary.errors),
        "first_errors": diary.errors[:3],
    }


def _settings() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "bus": "embedded",
        "synchronous_commit": "on",
        "fsync": "on",
        "workers_per_service": 1,
        "connections_of_the_crowd": CONNECTIONS,
        "requests_at_once_in_rounds": measure.AT_ONCE,
        "places_wanted_a_family": WISHES,
        "waiting_room": {
            name: value
            for name, value in os.environ.items()
            if name.startswith("PORTAIL_WAITING_ROOM")
        }
        or "as by default",
    }


def _goals(report: dict[str, Any]) -> dict[str, Any]:
    book = report["opening"]["steps"]["book"]
    rounds = report["baskets"]
    bare_p50 = rounds["bare"]["p50_ms"]["median"]
    lines = report["waiting_list"]
    return {
        "errors": report["opening"]["errors"] == 0,
        "overbookings": report["overbooked_sessions"] == 0,
        "waiting_list_order": lines["order_violations"] == 0 if isinstance(lines, dict) else None,
        "ratio_to_bare": report["ratio_to_bare"]["median"] >= GOAL_RATIO,
        "p99_of_a_booking_over_bare_p50": {
            "in_the_opening": round(book["p99_ms"] / bare_p50, 1),
            "in_the_rounds": round(rounds["gateway"]["p99_ms"]["median"] / bare_p50, 1),
            "goal": GOAL_P99,
        },
    }
