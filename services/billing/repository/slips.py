"""Writes deposit slips: cheques that go to the bank together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.billing.errors.till import ChequeNotWaiting, SlipLocked, UnknownSlip
from services.chassis.database import Connection

WAITING = """
SELECT c.payment_id FROM cheque c
WHERE c.payment_id = ANY($1) AND c.slip_id IS NULL
  AND NOT EXISTS (SELECT FROM payment_reversal r WHERE r.payment_id = c.payment_id)
ORDER BY c.payment_id FOR UPDATE
"""


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip that is still open, held until the transaction ends."""

    slip_id: UUID
    register: str


async def insert(
    connection: Connection,
    slip: Slip,
    payment_ids: Collection[UUID],
    *,
    now: datetime,
    by: UUID | None,
) -> None:
    """Put these cheques on a new slip. Raises ChequeNotWaiting when one cannot go on it."""
    wanted = set(payment_ids)
    waiting = await connection.fetch(WAITING, list(wanted))
    if len(waiting) < len(wanted):
        raise ChequeNotWaiting
    await connection.execute(
        "INSERT INTO cheque_slip (slip_id, register, made_at, made_by) VALUES ($1, $2, $3, $4)",
        slip.slip_id,
        slip.register,
        now,
        by,
    )
    await connection.execute(
        "UPDATE cheque SET slip_id = $1 WHERE payment_id = ANY($2)", slip.slip_id, list(wanted)
    )


async def lock_open(connection: Connection, slip_id: UUID) -> Slip:
    """The slip, as long as it is open. Raises UnknownSlip, SlipLocked."""
    row = await connection.fetchrow(
        "SELECT slip_id, register, locked_at FROM cheque_slip WHERE slip_id = $1 FOR UPDATE",
        slip_id,
    )
    if row is None:
        raise UnknownSlip
    if row["locked_at"] is not None:
        raise SlipLocked
    return Slip(row["slip_id"], row["register"])


async def drop(connection: Connection, slip_id: UUID) -> None:
    """Undo an open slip; its cheques wait again."""
    await connection.execute("UPDATE cheque SET slip_id = NULL WHERE slip_id = $1", slip_id)
    await connection.execute("DELETE FROM cheque_slip WHERE slip_id = $1", slip_id)


async def close(connection: Connection, slip_id: UUID, number: str, now: datetime) -> None:
    """The slip goes to the bank as it is, under this number."""
    await connection.execute(
        "UPDATE cheque_slip SET number = $2, locked_at = $3 WHERE slip_id = $1",
        slip_id,
        number,
        now,
    )


async def total(connection: Connection, slip_id: UUID) -> int:
    """What the slip's cheques come to, held until the transaction ends; 0 when none is left."""
    rows = await connection.fetch(
        """SELECT p.amount_cents FROM cheque c JOIN payment p USING (payment_id)
           WHERE c.slip_id = $1 ORDER BY c.payment_id FOR UPDATE OF c""",
        slip_id,
    )
    return sum(row["amount_cents"] for row in rows)
