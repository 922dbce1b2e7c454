"""The chassis' part in erasing a family: what is heard, and what time brings."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aiohttp import web

from contracts.events.accounts import FamilyErased
from services.chassis import personal_data
from services.chassis.database import Connection, Database
from services.chassis.intake import Subscription, on
from services.chassis.jobs import Job
from services.chassis.personal_data import Held

EXPIRY_EVERY = timedelta(hours=12)


def subscriptions(held: Held) -> Sequence[Subscription]:
    """Erase here what accounts says is erased; nothing where nothing is held."""

    async def family_erased(connection: Connection, event: FamilyErased) -> None:
        await personal_data.erase(
            connection, held.data, held.months, event.family_id, event.erased_at
        )

    return (on(FamilyErased, family_erased),) if held.data.holdings else ()


def jobs(held: Held, database: web.AppKey[Database]) -> Sequence[Job]:
    """Drop what no longer has to be kept of the families erased before."""

    async def expire(app: web.Application, now: datetime) -> None:
        async with app[database].connection() as connection:
            left = await personal_data.awaiting_expiry(connection)
        for family_id in left:
            async with app[database].transaction() as connection:
                await personal_data.expire(
                    connection, held.data.holdings, held.months, family_id, now
                )

    expiry = Job("expire what was kept of erased families", EXPIRY_EVERY, expire)
    return (expiry,) if held.data.holdings else ()
