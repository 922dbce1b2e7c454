"""See what a tariff would have made of a month, before it is published."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.billing.model.months import Month
from services.billing.model.tariffs import Tariff
from services.billing.model.tariffs.previews import Compared, Seen, compared, groups
from services.billing.repository import drafts, tariffs
from services.chassis.database import Connection, taken_back


async def preview_tariff(
    connection: Connection, tariff: Tariff, month: Month, *, now: datetime
) -> list[Compared]:
    """The month as it is charged and as this tariff would have it; nothing is kept.

    Today's figures are those of the activity's own lines; the new ones are these and what the
    tariff changes on the family's month, so that a formula or an aid that follows is counted.
    Raises BadTariff.
    """
    tariff.check()
    await tariffs.require_activity(connection, tariff.activity_id)
    current = await tariffs.on(connection, tariff.activity_id, month.first)
    starts = groups([tariff.price, *([current.price] if current else [])])
    async with drafts.draft(connection), taken_back(connection):
        await drafts.copy_month(connection, tariff.activity_id, month)
        today = await drafts.totals(connection, tariff.activity_id, month)
        # In force on the whole month, whichever day it begins.
        await tariffs.retire_all(connection, tariff.activity_id, now)
        of_month = replace(tariff.ordered, valid_from=month.first)
        await tariffs.insert(connection, of_month, now=now, by=None)
        planned = await drafts.totals(connection, tariff.activity_id, month)
    families = (_seen(row, planned[family_id]) for family_id, row in today.items())
    return compared(families, starts)


def _seen(today: Mapping[str, Any], planned: Mapping[str, Any]) -> Seen:
    """A family's figures of today and, with all that changes on its month, by the tariff."""
    change_cents = planned["month_cents"] - today["month_cents"]
    own_cents = today["activity_cents"]
    return Seen(today["quotient"], today["units"], own_cents, own_cents + change_cents)
