"""Writes what the till takes, undoes and pays back."""

from datetime import datetime
from uuid import UUID, uuid4

from services.billing.errors.till import RefundReversedAlready, UnknownRefund
from services.billing.model.reversals import Refund
from services.billing.model.till import Cheque
from services.chassis.database import Connection


async def insert_cheque(connection: Connection, payment_id: UUID, cheque: Cheque) -> None:
    """Keep what the deposit slip will say of the cheque."""
    await connection.execute(
        "INSERT INTO cheque (payment_id, number, bank, drawer) VALUES ($1, $2, $3, $4)",
        payment_id,
        cheque.number,
        cheque.bank,
        cheque.drawer,
    )


async def is_reversed(connection: Connection, payment_id: UUID) -> bool:
    """Whether the payment was undone."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM payment_reversal WHERE payment_id = $1)", payment_id
    )
    return found


async def insert_reversal(
    connection: Connection, payment_id: UUID, reason: str, *, now: datetime, by: UUID | None
) -> UUID:
    """The payment is undone; returns the reversal's id."""
    reversal_id = uuid4()
    await connection.execute(
        """INSERT INTO payment_reversal (reversal_id, payment_id, reason, reversed_at, reversed_by)
           VALUES ($1, $2, $3, $4, $5)""",
        reversal_id,
        payment_id,
        reason,
        now,
        by,
    )
    return reversal_id


async def lock_cheque(connection: Connection, payment_id: UUID) -> bool:
    """Hold the payment's cheque, if it is one; tells whether the bank has it.

    A cheque that waits on an open slip leaves it: it goes to no bank.
    """
    await connection.execute(
        """UPDATE cheque c SET slip_id = NULL FROM cheque_slip s
           WHERE c.payment_id = $1 AND s.slip_id = c.slip_id AND s.locked_at IS NULL""",
        payment_id,
    )
    deposited: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM cheque WHERE payment_id = $1 AND slip_id IS NOT NULL)",
        payment_id,
    )
    return deposited


async def insert_refund(
    connection: Connection,
    family_id: UUID,
    amount_cents: int,
    reason: str,
    *,
    now: datetime,
    by: UUID | None,
) -> UUID:
    """Money is paid back; returns the refund's id."""
    refund_id = uuid4()
    await connection.execute(
        """INSERT INTO refund (refund_id, family_id, amount_cents, reason, refunded_at,
               refunded_by)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        refund_id,
        family_id,
        amount_cents,
        reason,
        now,
        by,
    )
    return refund_id


async def find_refund(connection: Connection, refund_id: UUID) -> Refund:
    """What was paid back. Raises UnknownRefund."""
    row = await connection.fetchrow(
        "SELECT refund_id, family_id, amount_cents FROM refund WHERE refund_id = $1", refund_id
    )
    if row is None:
        raise UnknownRefund
    return Refund(**dict(row))


async def lock_refund(connection: Connection, refund_id: UUID) -> Refund:
    """A refund that nobody has undone, held. Raises UnknownRefund, RefundReversedAlready."""
    await connection.execute("SELECT FROM refund WHERE refund_id = $1 FOR UPDATE", refund_id)
    refund = await find_refund(connection, refund_id)
    if await connection.fetchval(
        "SELECT EXISTS (SELECT FROM refund_reversal WHERE refund_id = $1)", refund_id
    ):
        raise RefundReversedAlready
    return refund


async def insert_refund_reversal(
    connection: Connection, refund_id: UUID, reason: str, *, now: datetime, by: UUID | None
) -> None:
    """The refund is undone."""
    await connection.execute(
        """INSERT INTO refund_reversal (reversal_id, refund_id, reason, reversed_at, reversed_by)
           VALUES ($1, $2, $3, $4, $5)""",
        uuid4(),
        refund_id,
        reason,
        now,
        by,
    )
