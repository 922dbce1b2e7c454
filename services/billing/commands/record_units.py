"""Keep the account of children at sessions."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.billing.commands.issue_invoices import lock_accounts
from services.billing.model.corrections import settle
from services.billing.model.units import News, Unit, told_in_turn
from services.billing.repository import charges, pricing
from services.chassis.database import Connection


async def record_units(connection: Connection, news: Sequence[tuple[Unit, News]]) -> None:
    """Take in what reservations tells of units, in turn; their charges follow.

    Older news than what is known is ignored. A few statements, however much is told.
    """
    await charges.share_books(connection)
    locked = _families(unit.told(told) for unit, told in news)
    await lock_accounts(connection, locked)
    known = await charges.lock_units(connection, [unit for unit, _ in news])
    changed = told_in_turn(known, news)
    if not changed:
        return
    # A child may have been another family's that day: both accounts are touched then.
    if others := _families(changed) - locked:
        await lock_accounts(connection, others)
    await charges.save_units(connection, changed)
    # Most news is the first of its unit: there is no charge of it to look for.
    await charge(connection, changed, heard_of=[u for u in changed if not known[u.key].unheard_of])


async def charge(
    connection: Connection, units: Sequence[Unit], *, heard_of: Sequence[Unit]
) -> None:
    """Make the open charges of the units those that are due; `heard_of` may have some already."""
    invoiced = await charges.invoiced(connection, heard_of) if heard_of else {}
    dues = [(unit, due) for unit in units for due in settle(unit, invoiced.get(unit.key, ()))]
    if heard_of:
        await charges.drop_open(connection, heard_of, dues)
    await charges.put_open(connection, dues)
    await pricing.price_units(connection, units)


def _families(units: Iterable[Unit]) -> set[UUID]:
    return {family_id for unit in units for family_id in unit.families}
