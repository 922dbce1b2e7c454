"""`portail bench calendar`: a family's month from the service, beside its one SQL statement."""

import asyncio
import json
import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import aiohttp
from rich.console import Console
from rich.table import Table

from deploy.bench import measure
from deploy.bench.journey import Tell
from deploy.bench.measure import Request, Round, burst, spread, summary
from deploy.bench.showing import spread_text
from deploy.demo.portal import LoadFailed
from deploy.demo.services import guardian
from deploy.trial import TrialTown, trial_town
from services.chassis import database
from services.chassis.clock import paris_date, utc_now
from services.chassis.database import Connection
from services.chassis.http_client import CallerTokens
from services.reservations.model.periods import Period
from services.reservations.queries import calendar as families

DEMO_FAMILIES = 12
CHILDREN = 4
KINDS = ("canteen", "morning_care", "evening_care", "wednesday", "holiday")
DAYS = 31
PAIRS = 5
REQUESTS = 100
GOAL_RATIO = 3.0
# The town around the family: a school year of places, so that indexes have something to find.
OTHER_FAMILIES = 600
CHILDREN_OF_OTHERS = 2

FAMILIES = """
WITH family AS (
    INSERT INTO family (family_id, record_version)
    SELECT unnest($1::uuid[]), 1 RETURNING family_id
)
INSERT INTO child (family_id, child_id, first_name, last_name, birth_date, diet, in_file)
SELECT family_id, gen_random_uuid(), 'Zoé', 'Le Goff', $3::date - n * 400, 'standard', true
FROM family CROSS JOIN generate_series(1, $2::int) AS n
"""
ENROLMENTS = """
INSERT INTO enrolment (enrolment_id, version, family_id, child_id, activity_id, starts_on, ends_on)
SELECT gen_random_uuid(), 1, c.family_id, c.child_id, a.activity_id, a.starts_on, a.ends_on
FROM child c CROSS JOIN (
    SELECT DISTINCT ON (kind) * FROM activity WHERE kind = ANY ($2) ORDER BY kind, name
) a
WHERE c.family_id = ANY ($1)
"""
PLACES = """
INSERT INTO reservation (session_id, child_id, reservation_id, version, family_id, confirmed,
                         past_deadline, by_staff, changed_at)
SELECT s.session_id, e.child_id, gen_random_uuid(), 1, e.family_id, true, false, false, now()
FROM enrolment e JOIN session s USING (activity_id)
WHERE e.family_id = ANY ($1) AND extract(isodow FROM s.date) < 4
"""


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
    tell(f"starting a town of {DEMO_FAMILIES} families")
    with TemporaryDirectory(prefix="portail-bench-") as folder:
        async with trial_town(DEMO_FAMILIES, Path(folder)) as (town, _):
            opened = await database.connect(town.database_url("reservations"), pool_size=1)
            try:
                async with opened.connection() as connection, aiohttp.ClientSession() as session:
                    tell(f"{OTHER_FAMILIES} families hold places of a whole year")
                    family_id = await _fill(connection, paris_date(utc_now()))
                    return await _compare(town, connection, session, family_id, tell)
            finally:
                await opened.close()


async def _fill(connection: Connection, today: date) -> UUID:
    family_id, others = uuid4(), [uuid4() for _ in range(OTHER_FAMILIES)]
    born = today - timedelta(days=3 * 365)
    await connection.execute(FAMILIES, [family_id], CHILDREN, born)
    await connection.execute(FAMILIES, others, CHILDREN_OF_OTHERS, born)
    everybody = [family_id, *others]
    await connection.execute(ENROLMENTS, everybody, list(KINDS))
    await connection.execute(PLACES, everybody)
    await connection.execute("ANALYZE")
    return family_id


@dataclass(slots=True)
class _Statement:
    """The one statement that the service sends, with what it sends along."""

    connection: Any
    sent: tuple[Any, ...] = ()

    async def fetch(self, *sent: Any) -> Any:
        """Send it on, and remember it."""
        if self.sent:
            raise LoadFailed("the calendar is more than one statement")
        self.sent = sent
        return await self.connection.fetch(*sent)


async def _compare(
    town: TrialTown,
    connection: Connection,
    session: aiohttp.ClientSession,
    family_id: UUID,
    tell: Tell,
) -> dict[str, Any]:
    first = paris_date(utc_now()) + timedelta(days=7)
    period = Period(first, first + timedelta(days=DAYS - 1))
    statement: Any = _Statement(connection)
    found = await families.calendar(statement, family_id, period, None, utc_now())
    tokens = CallerTokens(town.signer)
    url = f"{town.ports.url('reservations')}/calendar"
    query = {"from": period.first.isoformat(), "to": period.last.isoformat()}

    async def service() -> bool:
        headers = {"Authorization": f"Bearer {tokens.token(guardian(family_id))}"}
        async with session.get(url, params=query, headers=headers) as answer:
            if answer.status != 200:
                raise LoadFailed(f"{url}: {answer.status} {(await answer.text())[:300]}")
            return bool(await answer.read())

    async def bare() -> bool:
        return bool(await connection.fetch(*statement.sent))

    cases: dict[str, Request] = {"service": service, "statement": bare}
    rounds: dict[str, list[Round]] = {name: [] for name in cases}
    for pair in range(PAIRS + 1):
        tell(f"round {pair} of {PAIRS}" if pair else "warming up")
        for name, request in cases.items():
            rounds[name].append(await burst([request] * REQUESTS, at_once=1))
    warm = {name: done[1:] for name, done in rounds.items()}
    pid = town.processes()["reservations"]
    return {
        "entries": sum(map(len, found.entries.values())),
        "calendar": {name: summary(done) for name, done in warm.items()},
        "ratio_to_statement": spread(
            [a.p50_ms / b.p50_ms for a, b in zip(*warm.values(), strict=True)]
        ),
        "goal": GOAL_RATIO,
        "plan": await _plan(connection, statement.sent),
        "resident_megabytes": measure.resident_megabytes(pid),
        "settings": {
            "cores": os.cpu_count(),
            "children": CHILDREN,
            "activities": len(KINDS),
            "days": DAYS,
            "places_in_the_town": await connection.fetchval("SELECT count(*) FROM reservation"),
            "requests_at_once": 1,
        },
    }


async def _plan(connection: Connection, sent: tuple[Any, ...]) -> list[str]:
    """What PostgreSQL does for it, step by step."""
    query, *arguments = sent
    rows = await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {query}", *arguments)
    return [row[0] for row in rows]


def _table(report: dict[str, Any]) -> Table:
    table = Table(f"a month of {report['entries']} entries", "p50 ms", "p99 ms")
    for name, case in report["calendar"].items():
        table.add_row(name, *(str(case[column]["median"]) for column in ("p50_ms", "p99_ms")))
    ratio = report["ratio_to_statement"]
    table.add_row(f"ratio (goal: < {report['goal']:.0f})", spread_text(ratio), "")
    return table
