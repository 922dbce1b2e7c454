"""Take cheques to the bank: group them on a slip, then lock it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from services.billing.errors.till import ChequeNotWaiting
from services.billing.model.ledger import Account, Entry, Posting
from services.billing.model.till import ADVANCE_REGISTER
from services.billing.repository import ledger, numbering, slips
from services.billing.repository.slips import Slip
from services.chassis.clock import paris_date
from services.chassis.database import Connection


async def group_cheques(
    connection: Connection, payment_ids: Collection[UUID], *, now: datetime, by: UUID | None
) -> UUID:
    """Put cheques that wait on a slip; returns its id. Raises ChequeNotWaiting."""
    slip = Slip(uuid4(), ADVANCE_REGISTER)
    await slips.insert(connection, slip, payment_ids, now=now, by=by)
    return slip.slip_id


async def ungroup_cheques(connection: Connection, slip_id: UUID) -> None:
    """Undo a slip that is still open. Raises UnknownSlip, SlipLocked."""
    await slips.lock_open(connection, slip_id)
    await slips.drop(connection, slip_id)


async def lock_slip(connection: Connection, slip_id: UUID, *, now: datetime) -> None:
    """The cheques are at the bank: the slip has its number and is never changed.

    Raises UnknownSlip, SlipLocked, ChequeNotWaiting when no cheque is left on it.
    """
    slip = await slips.lock_open(connection, slip_id)
    amount = await slips.total(connection, slip_id)
    if amount == 0:
        raise ChequeNotWaiting("Ce bordereau ne porte plus aucun chèque.")
    year = paris_date(now).year
    number = await numbering.next_number(connection, "slip", slip.register, year)
    await slips.close(connection, slip_id, number, now)
    entries = (
        Entry(Account.BANK, amount, None, None, slip.register),
        Entry(Account.CHEQUE, -amount, None, None, slip.register),
    )
    await ledger.post(connection, Posting("cheque_slip", slip_id, entries), at=now)
