"""Follow what other services own; older states than ours change nothing."""

from uuid import UUID

from services.billing.commands.issue_invoices import lock_accounts
from services.billing.model.families import Enrolled, Family
from services.billing.model.stays import Stay
from services.billing.repository import charges, copies, pricing
from services.chassis.database import Connection


async def keep_family(connection: Connection, family: Family) -> None:
    """Follow a family's file; what it has not been invoiced for is priced again."""
    await charges.share_books(connection)
    await lock_accounts(connection, [family.family_id])
    if await copies.keep_family(connection, family):
        await pricing.price_family(connection, family.family_id)


async def keep_activity(
    connection: Connection,
    activity_id: UUID,
    *,
    version: int,
    name: str,
    kind: str,
    school_year: str,
    hours: Stay | None = None,
) -> None:
    """Follow an activity."""
    await copies.keep_activity(
        connection,
        activity_id,
        version=version,
        name=name,
        kind=kind,
        school_year=school_year,
        hours=hours,
    )


async def keep_enrolment(connection: Connection, told: Enrolled) -> None:
    """Follow an enrolment: the ranks of brothers and sisters may change, and prices with them."""
    await charges.share_books(connection)
    await lock_accounts(connection, [told.family_id])
    if await copies.keep_enrolment(connection, told):
        await pricing.price_family(connection, told.family_id)
