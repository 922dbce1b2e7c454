"""Pay back what a family has to its credit."""

from datetime import datetime
from uuid import UUID

from services.billing import publishing
from services.billing.errors.till import CreditTooSmall
from services.billing.model.ledger import Account, Entry, Posting
from services.billing.model.reversals import Refund
from services.billing.model.till import ADVANCE_REGISTER
from services.billing.model.wording import euros
from services.billing.repository import charges, copies, ledger, till
from services.chassis import outbox
from services.chassis.database import Connection


async def refund_credit(
    connection: Connection,
    family_id: UUID,
    amount_cents: int,
    reason: str,
    *,
    now: datetime,
    by: UUID | None,
) -> UUID:
    """Returns the refund's id. Raises CreditTooSmall when the family has less to its credit."""
    await charges.share_books(connection)
    await copies.require_family(connection, family_id)
    await charges.lock_families(connection, [family_id])
    credit = await ledger.family_credit(connection, family_id)
    if amount_cents > credit:
        raise CreditTooSmall(f"L’avance de la famille est de {euros(credit)}.")
    refund_id = await till.insert_refund(
        connection, family_id, amount_cents, reason, now=now, by=by
    )
    entries = (
        Entry(Account.FAMILY_CREDIT, amount_cents, family_id, None, ADVANCE_REGISTER),
        Entry(Account.REFUND, -amount_cents, family_id, None, ADVANCE_REGISTER),
    )
    await ledger.post(connection, Posting("refund", refund_id, entries), at=now)
    refund = Refund(refund_id, family_id, amount_cents)
    await outbox.append(connection, publishing.payment_refunded(refund, now))
    return refund_id
