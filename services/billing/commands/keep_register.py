"""Decide which register bills which kinds of activities."""

from collections.abc import Collection

from services.billing.errors import BillingUnderWay
from services.billing.repository import charges, plans, registers
from services.chassis.database import Connection


async def keep_register(
    connection: Connection, code: str, label: str, kinds: Collection[str]
) -> None:
    """Have the register bill these kinds from the next invoices on; kinds of none are EJ's.

    Raises BillingUnderWay while a month is being invoiced: what each register bills is decided.
    """
    await charges.take_books(connection)
    if await plans.under_way(connection):
        raise BillingUnderWay
    await registers.put(connection, code, label, kinds)
