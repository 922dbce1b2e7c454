"""Publish what an activity costs."""

from datetime import datetime
from uuid import UUID

from services.billing import publishing
from services.billing.errors import BillingUnderWay
from services.billing.model.tariffs import Tariff
from services.billing.repository import charges, plans, pricing, tariffs
from services.chassis import outbox
from services.chassis.database import Connection


async def publish_tariff(
    connection: Connection, tariff: Tariff, *, now: datetime, by: UUID | None
) -> UUID:
    """Publish the tariff and price with it all that is not invoiced; the same again is no news.

    Raises BillingUnderWay while a month is being invoiced: its prices are decided.
    """
    tariff.check()
    await charges.take_books(connection)
    if await plans.under_way(connection):
        raise BillingUnderWay
    await tariffs.require_activity(connection, tariff.activity_id)
    known = await tariffs.in_force(connection, tariff.activity_id, tariff.valid_from)
    if known:
        tariff_id, current = known
        if current == tariff.ordered:
            return tariff_id
        await tariffs.retire(connection, tariff_id, now)
    tariff_id = await tariffs.insert(connection, tariff.ordered, now=now, by=by)
    await pricing.price_activity(connection, tariff.activity_id, tariff.valid_from)
    await outbox.append(connection, publishing.tariff_published(tariff_id, tariff))
    return tariff_id
