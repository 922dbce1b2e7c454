"""Decide what each register bills, and from which amount on."""

from services.billing.errors import BillingUnderWay, RegisterKnown
from services.billing.model.registers import Register
from services.billing.repository import charges, plans, registers
from services.chassis.database import Connection


async def keep_register(connection: Connection, register: Register, *, is_new: bool) -> None:
    """Have the register bill its kinds from the next invoices on; kinds of none are EJ's.

    Raises BillingUnderWay while a month is being invoiced: what each register bills is decided.
    Raises RegisterKnown when it should be new and its code is taken.
    """
    await charges.take_books(connection)
    if await plans.under_way(connection):
        raise BillingUnderWay
    if is_new and await registers.is_known(connection, register.code):
        raise RegisterKnown.of(register.code)
    await registers.put(connection, register)
