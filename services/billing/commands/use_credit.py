"""Pay new invoices from what families have to their credit."""

from collections.abc import Collection
from uuid import UUID

from contracts.events.billing import ChargesPaidV2
from services.billing import publishing
from services.billing.model.portions import paid_portions
from services.billing.repository import ledger
from services.billing.repository.portions import lines_of
from services.billing.repository.slices import SLICE_SECONDS
from services.chassis import outbox
from services.chassis.database import Connection


async def use_credit(connection: Connection, invoice_ids: Collection[UUID]) -> None:
    """Over-payments and advances go to these new invoices; what that paid is told."""
    uses = await ledger.use_credits(connection, invoice_ids, timeout_seconds=SLICE_SECONDS)
    if not uses:
        return
    lines = await lines_of(connection, [use.invoice_id for use in uses])
    told: list[ChargesPaidV2] = []
    for use in uses:
        invoiced = lines[use.invoice_id]
        balance = sum(line.amount_cents for line in invoiced)  # nobody has paid of it yet
        paid = paid_portions(invoiced, balance, use.amount_cents)
        told += publishing.paid_lines(use.posting_id, use.family_id, "credit", use.used_at, paid)
    await outbox.append_all(connection, told)
