"""Two families made one: their account under the one that stays."""

from collections.abc import Mapping
from uuid import UUID

from services.billing.commands.issue_invoices import lock_accounts
from services.billing.model.units import settle
from services.billing.repository import charges, mergers, pricing
from services.billing.repository.mergers import Touched
from services.chassis import renamed
from services.chassis.database import Connection


async def merge_families(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """What the one family owes and has paid is the other's; nobody is charged twice for a place.

    What is open is priced anew by the survivor's file; what is invoiced stays as it is, and a
    place that both children were invoiced for is corrected on the next invoice.
    """
    newest = await renamed.rename(connection, {gone: family_id, **children})
    family_id = newest.pop(gone, family_id)
    # Alone: charges of both move, and none of them may be invoiced half-way.
    await charges.take_books(connection)
    await lock_accounts(connection, [family_id, gone])
    await mergers.move_parts(connection, family_id, gone)
    touched = await mergers.open_units(connection, gone)
    for gone_child, kept_child in newest.items():
        touched += await mergers.join_child(connection, gone_child, kept_child)
    await mergers.move_family(connection, family_id, gone, newest)
    for unit in dict.fromkeys(
        Touched(newest.get(t.child_id, t.child_id), t.session_id) for t in touched
    ):
        await _settle(connection, unit)
    await pricing.price_family(connection, family_id)


async def _settle(connection: Connection, touched: Touched) -> None:
    unit = await charges.find_unit(connection, touched.child_id, touched.session_id)
    if unit is None:
        return
    dues = settle(unit, await charges.invoiced(connection, unit))
    await charges.drop_open(connection, unit, dues)
    await charges.put_open(connection, unit, dues)
    await pricing.price_unit(connection, unit)
