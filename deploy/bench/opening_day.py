"""`portail bench opening-day`: a whole town at once at the portal's door, for too few places."""

import asyncio
import json
import os
import time
from collections.abc import Sequence
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
from deploy.bench.measure import percentile
from deploy.bench.opening_rounds import compare, round_sizes
from deploy.bench.opening_table import report_tables
from deploy.bench.opening_town import WISHES, Household, OpeningTown
from deploy.bench.reserving import Sides, bare_handler
from deploy.demo.portal import LoadFailed
from deploy.trial import TrialTown, trial_town
from services.chassis.clock import paris_date, utc_now

FAMILIES = 2_500
DEMO_FAMILIES = 12
GIVEN_BACK = 100
OFFERS_SECONDS = 30
GOAL_RATIO = 0.5
GOAL_P99 = 20

# A place that is offered to who waits is taken as well.
# Each family comes from an address of its own, as the proxy before the portal tells it: from one
# network so many sign-ins would be refused, and rightly.
BEHIND_A_PROXY = {"PORTAIL_TRUSTED_PROXIES": "127.0.0.1"}

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
# Free places that somebody waits for: the line has still to be served.
UNSERVED = """
SELECT EXISTS (
    SELECT FROM waiting w JOIN session s USING (session_id)
    WHERE w.state = 'waiting' AND s.booked + s.offered < s.capacity)
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
        town_of = trial_town(DEMO_FAMILIES, Path(folder), settings=BEHIND_A_PROXY)
        async with town_of as (town, _):
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
        at_rest = measure.resident_of(self._town.processes())
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
                **await self._compared(session, households, diary),
            }
        report["overbooked_sessions"] = await self._database.fetchval(OVERBOOKED)
        report["resident_megabytes"] = {
            "at_rest": at_rest,
            "after_load": measure.resident_of(self._town.processes()),
        }
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
        deadline = time.monotonic() + OFFERS_SECONDS
        while await self._database.fetchval(UNSERVED):
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.5)
        return {
            "waited": await self._database.fetchval(WAITING),
            "given_back": min(GIVEN_BACK, len(diary.confirmed)),
            "offered_or_placed": await self._database.fetchval(SERVED),
            "left_unserved": await self._database.fetchval(UNSERVED),
            "order_violations": await self._database.fetchval(OVERTAKEN),
        }

    async def _compared(
        self, session: aiohttp.ClientSession, households: Sequence[Household], diary: Diary
    ) -> dict[str, Any]:
        """The same baskets through the gateway and at the bare handler."""
        sizes = round_sizes(len(households))
        chosen = [h for h in households if h.family_id in diary.tokens]
        contests = [await self._prepared.contest(chosen[:n], self._today) for n in sizes]
        await self._prepared.copy_tables()
        baskets = [[wish.basket(diary.tokens) for wish in contest] for contest in contests]
        async with bare_handler(self._town, session, "deploy.bench.basket") as bare_url:
            sides = Sides(self._town, session, bare_url)
            return await compare(sides, baskets, self._teller.step)

    def _memory(self) -> dict[str, dict[str, float]]:
        found = self._town.processes()
        return {name: measure.resident_megabytes(pid) for name, pid in sorted(found.items())}


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
