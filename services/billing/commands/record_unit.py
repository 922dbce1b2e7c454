"""Keep the account of one child at one session."""

from services.billing.commands.issue_invoices import lock_accounts
from services.billing.model.units import Mark, Place, Unit, settle
from services.billing.repository import charges, pricing
from services.chassis.database import Connection


async def record_unit(connection: Connection, unit: Unit, news: Place | Mark) -> None:
    """Take in what reservations tells of a unit; its charges follow. Older news is ignored."""
    await charges.share_books(connection)
    await lock_accounts(connection, unit.told(news).families)
    known = await charges.lock_unit(connection, unit)
    told = known.told(news)
    if told == known:
        return
    # The child may have been another family's that day: both accounts are touched then.
    await lock_accounts(connection, told.families)
    await charges.save_unit(connection, told)
    # Most news is the first of its unit: there is no charge of it to look for.
    invoiced = [] if known.unheard_of else await charges.invoiced(connection, told)
    dues = settle(told, invoiced)
    if not known.unheard_of:
        await charges.drop_open(connection, told, dues)
    await charges.put_open(connection, told, dues)
    await pricing.price_unit(connection, told)
