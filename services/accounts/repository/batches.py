"""Batches of access codes: planned, issued, withdrawn; and whom each of them reaches."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.accounts.model.issuing import (
    Addressees,
    Channel,
    KnownBatch,
    PlannedBatch,
    Recipient,
)
from services.accounts.repository.accounts import recipient_of
from services.chassis.database import Connection

GUARDIAN = """
SELECT g.family_id, g.guardian_id, g.last_name, g.mail, a.account_id, a.login
FROM guardian g LEFT JOIN account a USING (guardian_id)
"""

# A planned batch keeps who planned it; a new one is written as it is issued.
ISSUED = """
INSERT INTO code_batch (batch_id, issued_at, issued_by, by_mail, by_letter, reissue_of)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (batch_id) DO UPDATE SET
    status = 'issued', issued_at = $2, by_mail = $4, by_letter = $5
"""


async def issued(
    connection: Connection,
    batch: KnownBatch,
    *,
    by: UUID | None,
    now: datetime,
    by_mail: int,
    by_letter: int,
) -> None:
    """Record that a batch of codes was issued, and by whom."""
    await connection.execute(ISSUED, batch.batch_id, now, by, by_mail, by_letter, batch.reissue_of)


async def plan(
    connection: Connection, batch: PlannedBatch, *, by: UUID | None, now: datetime
) -> None:
    """Keep a batch for its day."""
    await connection.execute(
        """INSERT INTO code_batch (batch_id, status, planned_for, planned_at, issued_by, channel,
                                   family_ids, guardian_ids, every_guardian, by_mail, by_letter)
           VALUES ($1, 'planned', $2, $3, $4, $5, $6, $7, $8, 0, 0)""",
        batch.batch_id,
        batch.planned_for,
        now,
        by,
        batch.channel,
        batch.addressees.family_ids,
        batch.addressees.guardian_ids,
        batch.addressees.every_guardian,
    )


async def lock_due(connection: Connection, today: date) -> PlannedBatch | None:
    """The next planned batch whose day has come, unless another hand is on it."""
    row = await connection.fetchrow(
        """SELECT batch_id, planned_for, channel, family_ids, guardian_ids, every_guardian
           FROM code_batch
           WHERE status = 'planned' AND planned_for <= $1
           ORDER BY planned_for, batch_id LIMIT 1 FOR UPDATE SKIP LOCKED""",
        today,
    )
    return _planned(row) if row else None


async def withdraw(connection: Connection, batch_id: UUID) -> bool:
    """Withdraw a planned batch; False when none of this id is planned."""
    done = await connection.fetchval(
        """UPDATE code_batch SET status = 'withdrawn'
           WHERE batch_id = $1 AND status = 'planned' RETURNING true""",
        batch_id,
    )
    return bool(done)


async def exists(connection: Connection, batch_id: UUID) -> bool:
    """Whether there is such a batch."""
    return bool(
        await connection.fetchval("SELECT true FROM code_batch WHERE batch_id = $1", batch_id)
    )


async def not_used(connection: Connection, batch_id: UUID, only: Channel | None) -> list[Recipient]:
    """Whom a batch reached and who has not signed in with its code, all or one way's."""
    rows = await connection.fetch(
        GUARDIAN
        + """WHERE a.batch_id = $1 AND a.temporary
             AND ($2::text IS NULL OR ($2 = 'mail') = (g.mail IS NOT NULL))
             ORDER BY g.last_name, g.guardian_id""",
        batch_id,
        only,
    )
    return [recipient_of(row) for row in rows]


async def guardian_recipient(connection: Connection, guardian_id: UUID) -> Recipient:
    """This guardian as the receiver of a code."""
    return recipient_of(
        await connection.fetchrow(GUARDIAN + "WHERE g.guardian_id = $1", guardian_id)
    )


async def unknown_guardians(connection: Connection, guardian_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these ids that no guardian has."""
    rows = await connection.fetch(
        """SELECT id FROM unnest($1::uuid[]) AS id
           WHERE NOT EXISTS (SELECT FROM guardian WHERE guardian_id = id)""",
        guardian_ids,
    )
    return [row["id"] for row in rows]


def _planned(row: Any) -> PlannedBatch:
    families, guardians = row["family_ids"], row["guardian_ids"]
    return PlannedBatch(
        batch_id=row["batch_id"],
        planned_for=row["planned_for"],
        channel=row["channel"],
        addressees=Addressees(
            family_ids=None if families is None else tuple(families),
            guardian_ids=None if guardians is None else tuple(guardians),
            every_guardian=row["every_guardian"],
        ),
    )
