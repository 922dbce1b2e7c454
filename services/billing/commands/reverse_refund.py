"""Undo a refund that the bank sent back, or that was recorded by mistake: by a posting."""

from datetime import datetime
from uuid import UUID

from services.billing import publishing
from services.billing.model.reversals import refund_undone
from services.billing.repository import charges, ledger, payments, till
from services.chassis import outbox
from services.chassis.database import Connection


async def reverse_refund(
    connection: Connection, refund_id: UUID, reason: str, *, now: datetime, by: UUID | None
) -> None:
    """The money is the family's credit again; what is claimed of refunds is settled by it first.

    Raises UnknownRefund, RefundReversedAlready.
    """
    seen = await till.find_refund(connection, refund_id)
    await charges.share_books(connection)
    await charges.lock_families(connection, [seen.family_id])
    await payments.lock_all(connection, seen.family_id)
    # Read anew: it may have been undone, or its family merged, while the locks were waited for.
    refund = await till.lock_refund(connection, refund_id)
    await till.insert_refund_reversal(connection, refund_id, reason, now=now, by=by)
    invoices = await payments.of_family(connection, refund.family_id)
    undoing = refund_undone(refund, [i.claim_left for i in invoices if i.claim_left])
    await ledger.post(connection, undoing, at=now)
    await outbox.append(connection, publishing.refund_reversed(refund, now))
