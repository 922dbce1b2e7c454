"""The chassis' part in erasing a family: what is heard, what time brings, what it answers."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from aiohttp import web

from contracts.events.accounts import FamilyErased
from services.chassis import personal_data
from services.chassis.database import Connection, Database
from services.chassis.intake import Subscription, on
from services.chassis.jobs import Job
from services.chassis.personal_data import PersonalData

EXPIRY_EVERY = timedelta(hours=12)


def subscription(data: PersonalData, months: Mapping[str, int]) -> Subscription:
    """Erase here what accounts says is erased."""

    async def family_erased(connection: Connection, event: FamilyErased) -> None:
        await personal_data.erase(connection, data, months, event.family_id, event.erased_at)

    return on(FamilyErased, family_erased)


def expiry_job(
    data: PersonalData,
    months: Mapping[str, int],
    database: Callable[[web.Application], Database],
) -> Job:
    """Drop what no longer has to be kept of the families erased before."""

    async def expire(app: web.Application, now: datetime) -> None:
        async with database(app).connection() as connection:
            left = await personal_data.awaiting_expiry(connection)
        for family_id in left:
            async with database(app).transaction() as connection:
                await personal_data.expire(connection, data.holdings, months, family_id, now)

    return Job("expire what was kept of erased families", EXPIRY_EVERY, expire)
