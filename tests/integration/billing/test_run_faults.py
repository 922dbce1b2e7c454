"""Workers come late, twice, in any order, and are cut off: the month's invoices are the same."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from deploy.bench.month_faults import INVOICES
from deploy.bench.month_town import ACTIVITY, CHARGES, FAMILIES, UNITS
from deploy.postgres import EmbeddedPostgres
from services.billing.commands.issue_invoices import issue_slice
from services.billing.commands.publish_tariff import publish_tariff
from services.billing.commands.record_units import record_units
from services.billing.commands.run_month import plan_month, request_run
from services.billing.main import MIGRATIONS
from services.billing.model.months import Month
from services.billing.model.tariffs import Band, ByQuotient, Tariff
from services.billing.model.units import Attended, Mark, Unit
from services.billing.repository import plans, pricing
from services.billing.repository.plans import Terms
from services.chassis import database
from services.chassis.database import CHASSIS_MIGRATIONS, Database
from tests.integration.billing.books import books_balance
from tests.unit.billing.builders import NOW

MONTH = Month.parse("2026-10")
FAMILY_COUNT, SLICE_FAMILIES, WORKERS = 300, 20, 4
TERMS = Terms(payment_days=30, least_cents=0, slice_families=SLICE_FAMILIES)
KINDS = [UUID(int=number) for number in range(1, 6)]
MOST_CUTS = 1000
# The last: a statement that was under way when its connection went.
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@dataclass
class Books:
    """A town's billing database with a month that is planned, and its slices."""

    database: Database
    run_id: UUID
    slices: list[UUID]

    async def invoices(self) -> list[tuple[Any, ...]]:
        """What the invoices say, in the order of their numbers."""
        async with self.database.connection() as connection:
            return [tuple(row) for row in await connection.fetch(INVOICES)]

    async def issue(self, slice_id: UUID) -> None:
        """What a worker does."""
        async with self.database.transaction() as connection:
            await issue_slice(connection, slice_id, now=NOW)


async def planned_town(postgres: EmbeddedPostgres, name: str) -> Books:
    """The same families, charges and plan in each database."""
    opened = await database.connect(await postgres.create(name), pool_size=WORKERS + 2)
    await database.migrate(opened, CHASSIS_MIGRATIONS, MIGRATIONS)
    async with opened.transaction() as connection:
        await connection.execute(ACTIVITY, KINDS)
        for number, activity_id in enumerate(KINDS):
            bands = ByQuotient((Band(0, 600, 100 + number), Band(600, None, 350 + number)))
            tariff = Tariff(activity_id, MONTH.first, bands)
            await publish_tariff(connection, tariff, now=NOW, by=None)
        await connection.execute(FAMILIES, FAMILY_COUNT, 2)
        await connection.execute(CHARGES, KINDS, MONTH.first)
        await connection.execute(UNITS)
        for activity_id in KINDS:
            await pricing.price_activity(connection, activity_id, MONTH.first)
        # Two registers, so that two rows of numbers are without a gap.
        await connection.execute("INSERT INTO register VALUES ('CL', 'Régie des loisirs')")
        await connection.execute(
            "UPDATE activity SET kind = 'holiday' WHERE activity_id = $1", KINDS[0]
        )
        await connection.execute("INSERT INTO register_of_kind VALUES ('holiday', 'CL')")
    async with opened.transaction() as connection:
        run_id = await request_run(connection, MONTH, now=NOW, by=None)
        await plan_month(connection, run_id, now=NOW, terms=TERMS)
        pass_id = await connection.fetchval("SELECT pass_id FROM billing_run")
        return Books(opened, run_id, await plans.slices(connection, pass_id))


@pytest.fixture
async def undisturbed(postgres: EmbeddedPostgres) -> AsyncIterator[Books]:
    """A month that nothing disturbs."""
    books = await planned_town(postgres, "month_undisturbed")
    for slice_id in books.slices:
        await books.issue(slice_id)
    yield books
    await books.database.close()


@pytest.fixture
async def disturbed(postgres: EmbeddedPostgres) -> AsyncIterator[Books]:
    """The same month, not begun."""
    books = await planned_town(postgres, "month_disturbed")
    yield books
    await books.database.close()


async def persist(base: Database, unit: Unit, news: Mark) -> None:
    """Take the news in, however often that is cut off."""
    for _ in range(MOST_CUTS):
        with suppress(*AWAY):
            async with base.transaction() as connection:
                await record_units(connection, [(unit, news)])
            return


async def test_whatever_befalls_the_workers_the_invoices_are_those_of_an_undisturbed_run(
    undisturbed: Books, disturbed: Books
) -> None:
    chance = random.Random(20261031)
    waiting = disturbed.slices * 3  # each of them comes three times
    chance.shuffle(waiting)
    cuts = 0

    async with disturbed.database.connection() as connection:
        found = await connection.fetch("SELECT * FROM unit ORDER BY child_id, session_id")

    async def worker() -> None:
        nonlocal cuts
        while waiting:
            slice_id = waiting.pop()
            try:
                await disturbed.issue(slice_id)
            except AWAY:
                cuts += 1
                assert cuts < MOST_CUTS
                waiting.insert(0, slice_id)  # the bus brings it again

    async def cut_off() -> None:
        while waiting:
            with suppress(*AWAY):
                async with disturbed.database.connection() as connection:
                    await connection.execute(
                        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                           WHERE usename = current_user AND pid <> pg_backend_pid()
                             AND state <> 'idle' ORDER BY random() LIMIT 1"""
                    )
            await asyncio.sleep(chance.uniform(0, 0.05))

    async def arrivals() -> None:
        for row in chance.sample(found, 100):
            unit = Unit(row["child_id"], row["session_id"], row["activity_id"], row["date"])
            excused = Mark(2, Attended.EXCUSED, row["attendance_family_id"], expected=True)
            await persist(disturbed.database, unit, excused)

    async with asyncio.TaskGroup() as everyone:
        for work in (*[worker] * WORKERS, cut_off, arrivals):
            everyone.create_task(work())
    async with disturbed.database.connection() as connection:
        status = await connection.fetchval("SELECT status FROM billing_run")
        corrections = await connection.fetchval("SELECT count(*) FROM open_charge")
    assert (status, corrections) == ("done", 100)
    assert cuts
    assert await disturbed.invoices() == await undisturbed.invoices()
    assert len(await disturbed.invoices()) == 2 * FAMILY_COUNT
    assert await books_balance(disturbed.database)
    assert await books_balance(undisturbed.database)
