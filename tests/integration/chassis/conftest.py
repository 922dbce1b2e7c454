"""Two small services on real parts: one tells, the other writes down what it heard."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiohttp import web

from contracts.events.reservations import ReservationMade
from services.chassis import outbox
from services.chassis.app import service_application
from services.chassis.database import Connection, Database
from services.chassis.intake import on_row
from services.chassis.settings import ServiceSettings
from services.chassis.testing import RunningService, eventually

HEARD = "CREATE TABLE heard (position bigserial PRIMARY KEY, family_id uuid, version integer)"
POISON = 666

Listener = Callable[..., web.Application]


def reservation(family_id: UUID, version: int) -> ReservationMade:
    """An event of this family; `version` tells one from the next."""
    return ReservationMade(
        reservation_id=uuid4(),
        version=version,
        family_id=family_id,
        child_id=uuid4(),
        activity_id=uuid4(),
        session_id=uuid4(),
        date=date(2026, 11, 26),
    )


async def write_down(connection: Connection, events: Sequence[ReservationMade]) -> None:
    """The effect: one row an event; the poisonous one fails until the town is cured."""
    poisoned = any(event.version == POISON for event in events)
    if poisoned and not await connection.fetchval("SELECT to_regclass('cured')"):
        raise ValueError("this event is poison")
    await connection.executemany(
        "INSERT INTO heard (family_id, version) VALUES ($1, $2)",
        [(event.family_id, event.version) for event in events],
    )


@pytest.fixture(scope="session")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Listener:
    """The application of the service that listens."""
    migrations = tmp_path_factory.mktemp("listener") / "migrations"
    migrations.mkdir()
    (migrations / "0001_heard.sql").write_text(HEARD)

    def application(settings: ServiceSettings, name: str = "billing") -> web.Application:
        return service_application(
            name=name,
            settings=settings,
            endpoints=(),
            migrations=migrations,
            subscriptions=[on_row(ReservationMade, write_down)],
        )

    return application


def teller(settings: ServiceSettings) -> web.Application:
    """The application of the service that tells."""
    return service_application(
        name="reservations", settings=settings, endpoints=(), migrations=Path("none")
    )


async def tell(database: Database, *events: ReservationMade) -> None:
    """Commit events to the outbox, all in one transaction."""
    async with database.transaction() as connection:
        await outbox.append_all(connection, events)


async def until_all_is_told(database: Database) -> None:
    """Wait until the relay has noted what the bus has taken: a subscriber may be faster."""

    async def noted() -> bool:
        async with database.connection() as connection:
            left = await connection.fetchval(
                "SELECT count(*) FROM outbox WHERE published_at IS NULL"
            )
        return bool(left == 0)

    await eventually(noted, what="every event being told")


async def heard(service: RunningService, family_id: UUID) -> list[int]:
    """The versions written down for a family, in the order of their effect."""
    async with service.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT version FROM heard WHERE family_id = $1 ORDER BY position", family_id
        )
    return [row["version"] for row in rows]


async def until_heard(service: RunningService, family_id: UUID, count: int) -> list[int]:
    """Wait until at least `count` effects of the family stand."""

    async def enough() -> bool:
        with suppress(asyncpg.PostgresConnectionError):  # this reader was cut off too
            return len(await heard(service, family_id)) >= count
        return False

    await eventually(enough, within=60, what=f"{count} effects")
    return await heard(service, family_id)
