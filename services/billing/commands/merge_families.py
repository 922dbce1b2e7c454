"""Two families made one: their account under the one that stays."""

from collections.abc import Mapping
from uuid import UUID

from services.billing.commands.issue_invoices import lock_accounts
from services.billing.commands.record_units import charge
from services.billing.repository import charges, mergers, pricing
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
    keys = {(newest.get(t.child_id, t.child_id), t.session_id) for t in touched}
    units = await charges.find_units(connection, keys)
    await charge(connection, units, heard_of=units)
    await pricing.price_family(connection, family_id)
