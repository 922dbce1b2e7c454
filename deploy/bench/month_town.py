"""Billing alone with a whole town's charges: its database, its bus, its workers."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import aiohttp
import asyncpg

from contracts import topics
from deploy.bench.bare import until_it_answers
from deploy.bus import EmbeddedBus
from deploy.children import Child
from deploy.errors import LaunchError
from deploy.postgres import EmbeddedPostgres
from deploy.settings import COLLECTOR, TOWN_NAME
from services.billing.commands.publish_tariff import publish_tariff
from services.billing.main import MIGRATIONS
from services.billing.model.months import Month
from services.billing.model.tariffs import Band, ByQuotient, Tariff
from services.chassis import database
from services.chassis.auth import encode_key, new_key_pair
from services.chassis.bus import wait_for_topics
from services.chassis.clock import paris_date, utc_now
from services.chassis.database import CHASSIS_MIGRATIONS, Connection, Database

CHILDREN, ACTIVITIES = 2, 10
LINES_A_FAMILY = CHILDREN * ACTIVITIES
START_SECONDS = 120
FORGET_ATTEMPTS = 5
# What is written in bulk here may take longer than a service's statements.
BULK_SECONDS = 3600

ACTIVITY = """
INSERT INTO activity (activity_id, version, name, kind, school_year)
SELECT id, 1, 'Accueil ' || n, 'canteen', '2026-2027'
FROM unnest($1::uuid[]) WITH ORDINALITY AS a(id, n)
"""
FAMILIES = """
WITH family AS (
    INSERT INTO family (family_id, record_version, reference, label, resident, quotient, addressee)
    SELECT md5('family ' || n)::uuid, 1, 'F' || lpad(n::text, 6, '0'), 'Martin', true,
           n * 37 % 2000,
           ARRAY['Anne MARTIN', '3 rue du Lavoir', '50890 Saint-Aubin']
    FROM generate_series(1, $1::integer) n RETURNING family_id
)
INSERT INTO child (family_id, child_id, first_name, last_name)
SELECT family_id, md5(family_id || ' child ' || n)::uuid, 'Zoé', 'Martin'
FROM family CROSS JOIN generate_series(1, $2::integer) n
"""
# As events bring them: a day's sessions of all families together.
CHARGES = """
INSERT INTO open_charge (child_id, session_id, family_id, activity_id, date, basis)
SELECT c.child_id, md5(c.child_id || ' session ' || a.n)::uuid, c.family_id, a.id,
       $2::date + a.n::integer, 'present'
FROM unnest($1::uuid[]) WITH ORDINALITY AS a(id, n) CROSS JOIN child c ORDER BY a.n
"""
# What the charges say of their places, for who looks whether both agree.
UNITS = """
INSERT INTO unit (child_id, session_id, activity_id, date, reservation_version, reservation_state,
    reservation_family_id, attendance_version, attendance_state, attendance_family_id,
    attendance_expected)
SELECT child_id, session_id, activity_id, date, 1, 'kept', family_id, 1, 'present', family_id, true
FROM open_charge
"""
FORGET = """
TRUNCATE family, child, unit, open_charge, invoiced_charge, invoice, invoice_line, invoice_counter,
    posting, ledger_entry, planned_invoice, billing_slice, billing_run, outbox, inbox CASCADE
"""


@dataclass(slots=True)
class MonthTown:
    """The servers, the month that is invoiced, and the activities with their tariffs."""

    folder: Path
    postgres: EmbeddedPostgres
    bus: EmbeddedBus
    url: str
    database: Database
    month: Month
    activities: list[UUID]

    async def fill(self, families: int, *, with_units: bool = False) -> None:
        """Forget all, then: so many families with charges that nothing has priced yet.

        The same number gives the same families and charges.
        """
        async with self.database.connection() as connection:
            await _forget(connection)
            await connection.execute(FAMILIES, families, CHILDREN, timeout=BULK_SECONDS)
            await connection.execute(
                CHARGES, self.activities, self.month.first, timeout=BULK_SECONDS
            )
            if with_units:
                await connection.execute(UNITS, timeout=BULK_SECONDS)
            await connection.execute(
                "ANALYZE family, child, open_charge, activity, tariff, tariff_band",
                timeout=BULK_SECONDS,
            )
        await self.settle()

    async def settle(self) -> None:
        """Have all on disk, so that nobody pays for what came before."""
        admin = await asyncpg.connect(self.postgres.admin_url)
        try:
            await admin.execute("CHECKPOINT", timeout=BULK_SECONDS)
        finally:
            await admin.close()

    def worker(self, number: int, group: str) -> "Worker":
        """A billing process on this town, of this consumer group, not started yet."""
        port = free_port()
        settings = {
            "port": port,
            "database_url": self.url,
            "bus_servers": self.bus.bootstrap,
            "bus_kind": "embedded",
            "consumer_group": group,
            "caller_public_key": new_key_pair()[1],
            "payment_url": "http://127.0.0.1:9",
            "portal_url": "http://127.0.0.1:9",
            "payment_check_seconds": 3600,
            "secrets_key": encode_key(secrets.token_bytes(32)),
            "least_invoice_cents": 0,
            "town_name": TOWN_NAME,
            **COLLECTOR,
            "log_level": "WARNING",
        }
        environment = {
            **os.environ,
            **{f"PORTAIL_{k.upper()}": str(v) for k, v in settings.items()},
        }
        child = Child(
            f"billing-{number}",
            [sys.executable, "-m", "services.billing.main"],
            log=self.folder / f"billing-{number}.log",
            environment=environment,
        )
        return Worker(child, f"http://127.0.0.1:{port}/readyz")

    @asynccontextmanager
    async def workers(self, count: int) -> AsyncIterator[list["Worker"]]:
        """So many workers, ready; stopped at the end."""
        # The embedded bus takes long to notice who has left a group: each set has its own.
        group = f"billing-{uuid4()}"
        async with AsyncExitStack() as stack:
            started = [self.worker(number, group) for number in range(count)]
            for worker in started:
                worker.child.start()
                stack.callback(worker.child.stop)
            for worker in started:
                await worker.ready()
            yield started


@dataclass(frozen=True, slots=True)
class Worker:
    """A billing process."""

    child: Child
    url: str

    @property
    def pid(self) -> int:
        """Its process id."""
        if self.child.pid is None:
            raise LaunchError(f"{self.child.name} ended; see {self.child.log}")
        return self.child.pid

    async def ready(self) -> None:
        """Wait until it works with database and bus."""
        async with aiohttp.ClientSession() as session:
            await until_it_answers(session, self.url)
            async with asyncio.timeout(START_SECONDS):
                while True:
                    async with session.get(self.url) as answer:
                        if answer.status == 200:
                            return
                    await asyncio.sleep(0.1)


@asynccontextmanager
async def month_town(folder: Path) -> AsyncIterator[MonthTown]:
    """Database and bus of a billing service without families, whose last month is to invoice."""
    _let_through(folder)
    postgres = EmbeddedPostgres(folder / "postgres" / "data", free_port())
    bus = EmbeddedBus(free_port(), folder / "bus.log")
    postgres.start()
    bus.start()
    try:
        await wait_for_topics(bus.bootstrap, topics.ALL)
        url = await postgres.create("billing")
        opened = await database.connect(url, pool_size=10)
        try:
            await database.migrate(opened, CHASSIS_MIGRATIONS, MIGRATIONS)
            last = paris_date(utc_now()).replace(day=1) - timedelta(days=1)
            month = Month(last.replace(day=1))
            activities = await _activities(opened, month)
            yield MonthTown(folder, postgres, bus, url, opened, month, activities)
        finally:
            await opened.close()
    finally:
        bus.stop()
        postgres.stop()


async def _forget(connection: Connection) -> None:
    """Empty the tables; what the workers' jobs look at meanwhile may be in the way once."""
    for _ in range(FORGET_ATTEMPTS - 1):
        with suppress(asyncpg.DeadlockDetectedError):
            await connection.execute(FORGET, timeout=BULK_SECONDS)
            return
    await connection.execute(FORGET, timeout=BULK_SECONDS)


def _let_through(folder: Path) -> None:
    folder.chmod(0o711)  # PostgreSQL's user passes through


async def _activities(opened: Database, month: Month) -> list[UUID]:
    activities = [uuid4() for _ in range(ACTIVITIES)]
    async with opened.transaction() as connection:
        await connection.execute(ACTIVITY, activities)
        for number, activity_id in enumerate(activities):
            bands = ByQuotient((Band(0, 600, 100 + number), Band(600, None, 350 + number)))
            tariff = Tariff(activity_id, month.first, bands)
            await publish_tariff(connection, tariff, now=utc_now(), by=None)
    return activities


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
