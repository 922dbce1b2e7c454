"""See what a tariff would have made of a month, before it is published."""

from datetime import datetime

from services.billing.model.months import Month
from services.billing.model.tariffs import Tariff
from services.billing.model.tariffs.previews import Compared, groups
from services.billing.repository import previews, tariffs
from services.chassis.database import Connection, taken_back


async def preview_tariff(
    connection: Connection, tariff: Tariff, month: Month, *, now: datetime
) -> list[Compared]:
    """The month as it is charged and as this tariff would have it; nothing is kept.

    The draft is priced by the very statement that prices charges. Raises BadTariff.
    """
    tariff.check()
    await tariffs.require_activity(connection, tariff.activity_id)
    current = await tariffs.on(connection, tariff.activity_id, month.first)
    starts = groups([tariff.price, *([current.price] if current else [])])
    async with taken_back(connection):
        draft = await tariffs.insert(connection, tariff.ordered, now=now, by=None, draft=True)
        return await previews.compare(connection, tariff.activity_id, month, draft, starts)
