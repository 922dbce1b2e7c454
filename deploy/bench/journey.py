"""`portail bench journey`: what one reservation costs, from the parent's click to the charge."""

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import asyncpg
from rich.console import Console

from contracts.events.reservations import ReservationMade
from deploy.bench import measure
from deploy.bench.measure import Request, Round, burst, spread, summary
from deploy.bench.parents import Place, free_places
from deploy.bench.reserving import Sides, bare_handler
from deploy.bench.showing import report_table
from deploy.demo.portal import LoadFailed
from deploy.trial import TrialTown, trial_town

FAMILIES = 80
PARENTS = 24
PAIRS = 5
REQUESTS = 240
EVENTS_PER_SECOND = 200
EVENT_SECONDS = 8
ARRIVAL_SECONDS = 60

LATENCY_OF_ORIGIN = """
SELECT o.id, pg_xact_commit_timestamp(r.xmin) AS at
FROM outbox o JOIN reservation r ON r.reservation_id = (o.body::json ->> 'reservation_id')::uuid
WHERE o.type = $1 AND r.reservation_id = ANY($2)
"""
LATENCY_OF_EFFECT = """
SELECT event_id AS id, pg_xact_commit_timestamp(xmin) AS at FROM inbox WHERE event_id = ANY($1)
"""

Tell = Callable[[str], None]


def run(*, as_json: bool) -> None:
    """Measure and print the report, telling on standard error how far it is."""
    console = Console(stderr=True)
    with console.status("") as status:
        report = asyncio.run(measured(lambda text: status.update(text)))
    if as_json:
        print(json.dumps(report, indent=2))
    else:
        Console().print(report_table(report))


async def measured(tell: Tell) -> dict[str, Any]:
    """Measure, telling what is being done; return the report."""
    tell(f"starting a town of {FAMILIES} families")
    with TemporaryDirectory(prefix="portail-bench-") as folder:
        async with trial_town(FAMILIES, Path(folder)) as (town, ready_seconds):
            return await _measure_in(town, ready_seconds, tell)


async def _measure_in(town: TrialTown, ready_seconds: float, tell: Tell) -> dict[str, Any]:
    at_rest = measure.resident_of(town.processes())
    tell(f"{PARENTS} families sign in and enrol")
    places = await free_places(town, PARENTS, date.today())  # noqa: DTZ011 - the town's day
    async with (
        aiohttp.ClientSession() as session,
        bare_handler(town, session, "deploy.bench.baseline") as bare_url,
    ):
        sides = Sides(town, session, bare_url)
        report = await _compare(sides, places, tell)
        tell(f"{EVENTS_PER_SECOND} events a second for {EVENT_SECONDS} s")
        report["event_latency"] = await _latency(town, sides, places)
    report["ready_seconds_after_database"] = ready_seconds
    report["resident_megabytes"] = {
        "at_rest": at_rest,
        "after_load": measure.resident_of(town.processes()),
    }
    report["settings"] = {
        "cores": os.cpu_count(),
        "bus": "embedded",
        "synchronous_commit": "on",
        "fsync": "on",
        "requests_at_once": measure.AT_ONCE,
        "workers_per_service": 1,
    }
    return report


async def _compare(sides: Sides, places: list[Place], tell: Tell) -> dict[str, Any]:
    """Rounds in turn, A B C A B C, after a warm-up; then at half and at double size."""
    rounds: dict[str, list[Round]] = {"gateway": [], "service": [], "bare": []}
    for pair in range(PAIRS + 1):
        tell(f"round {pair} of {PAIRS}" if pair else "warming up")
        for name, done in rounds.items():
            done.append(await _round(sides, name, places, REQUESTS))
    warm = {name: done[1:] for name, done in rounds.items()}
    tell("half and double size")
    growth = {
        str(size): asdict(await _round(sides, "gateway", places, size))
        for size in (REQUESTS // 2, REQUESTS * 2)
    }
    return {
        "reserve": {name: summary(done) for name, done in warm.items()},
        "ratio_to_bare": {
            name: spread(
                [a.per_second / b.per_second for a, b in zip(done, warm["bare"], strict=True)]
            )
            for name, done in warm.items()
            if name != "bare"
        },
        "growth_through_gateway": growth,
    }


async def _round(sides: Sides, name: str, places: list[Place], count: int) -> Round:
    one_of = {"gateway": sides.gateway, "service": sides.service, "bare": sides.bare}[name]
    return await burst([one_of(place.basket) for place in _take(places, count)])


def _take(places: list[Place], count: int) -> Sequence[Place]:
    """The next places; each can be reserved once."""
    if len(places) < count:
        raise LoadFailed(f"{len(places)} free places are left and {count} are needed")
    taken = places[-count:]
    del places[-count:]
    return taken


async def _latency(town: TrialTown, sides: Sides, places: list[Place]) -> dict[str, Any]:
    """From the commit of a reservation to the commit of its charge, at a steady pace."""
    chosen = _take(places, EVENTS_PER_SECOND * EVENT_SECONDS)
    origin = await asyncpg.connect(town.database_url("reservations"))
    effect = await asyncpg.connect(town.database_url("billing"))
    try:
        await _at_a_pace([sides.service(place.basket) for place in chosen])
        children = [place.child_id for place in chosen]
        sessions = [place.session_id for place in chosen]
        ids = await origin.fetch(
            "SELECT reservation_id FROM reservation WHERE (child_id, session_id) IN "
            "(SELECT * FROM unnest($1::uuid[], $2::uuid[]))",
            children,
            sessions,
        )
        rows = await origin.fetch(
            LATENCY_OF_ORIGIN, ReservationMade.type_name(), [row["reservation_id"] for row in ids]
        )
        made = {row["id"]: row["at"] for row in rows}
        charged = await _all_arrived(effect, list(made))
        times = [(charged[event] - at).total_seconds() * 1000 for event, at in made.items()]
        return {
            "events": len(times),
            "events_per_second": EVENTS_PER_SECOND,
            "p50_ms": measure.percentile(times, 50),
            "p99_ms": measure.percentile(times, 99),
            "max_ms": round(max(times), 2),
        }
    finally:
        await origin.close()
        await effect.close()


async def _at_a_pace(requests: Sequence[Request]) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()

    async def at(moment: float, request: Request) -> None:
        await asyncio.sleep(max(0.0, started + moment - loop.time()))
        await request()

    await asyncio.gather(*(at(n / EVENTS_PER_SECOND, r) for n, r in enumerate(requests)))


async def _all_arrived(effect: Any, events: list[Any]) -> dict[Any, Any]:
    async with asyncio.timeout(ARRIVAL_SECONDS):
        while True:
            rows = await effect.fetch(LATENCY_OF_EFFECT, events)
            if len(rows) == len(events):
                return {row["id"]: row["at"] for row in rows}
            await asyncio.sleep(0.2)
