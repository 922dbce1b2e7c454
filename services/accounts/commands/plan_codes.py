"""Plan an issue of access codes for a later day, withdraw it, repeat one whose letters are lost."""

from datetime import date, datetime
from uuid import UUID, uuid4

from services.accounts.commands.hashing import Hashing
from services.accounts.commands.issue_codes import (
    Batch,
    issue_access_codes,
    issue_to,
)
from services.accounts.errors import BatchNotPlanned
from services.accounts.model.issuing import Addressees, Channel, KnownBatch, PlannedBatch
from services.accounts.publishing import access as publishing
from services.accounts.repository import accounts
from services.accounts.repository import batches as repository
from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection, Database
from services.chassis.errors import NotFound


async def plan_codes(
    connection: Connection,
    planned_for: date,
    addressees: Addressees,
    *,
    only: Channel | None,
    by: UUID | None,
    now: datetime,
) -> PlannedBatch:
    """Keep the issue for its day; who is complete then gets a code."""
    batch = PlannedBatch(uuid4(), planned_for, only, addressees)
    await repository.plan(connection, batch, by=by, now=now)
    await outbox.append(connection, publishing.codes_planned(batch))
    return batch


async def withdraw_codes(connection: Connection, batch_id: UUID) -> None:
    """Take a planned issue back. Raises NotFound, BatchNotPlanned."""
    if not await repository.withdraw(connection, batch_id):
        raise BatchNotPlanned if await repository.exists(connection, batch_id) else NotFound
    await outbox.append(connection, publishing.codes_withdrawn(batch_id))


async def reissue_codes(
    connection: Connection,
    hashing: Hashing,
    batch_id: UUID,
    *,
    only: Channel | None,
    by: UUID | None,
    now: datetime,
) -> Batch:
    """New codes for all whom a batch reached and who have not used theirs: the old ones die.

    Raises NotFound.
    """
    if not await repository.exists(connection, batch_id):
        raise NotFound
    await accounts.one_issue_at_a_time(connection)
    recipients = await repository.not_used(connection, batch_id, only)
    known = KnownBatch(uuid4(), reissue_of=batch_id)
    return await issue_to(connection, hashing, recipients, by=by, now=now, known_batch=known)


async def issue_planned_batches(database: Database, hashing: Hashing, now: datetime) -> int:
    """Issue every planned batch whose day has come, each in its own transaction; how many."""
    done = 0
    while True:
        async with database.transaction() as connection:
            batch = await repository.lock_due(connection, paris_date(now))
            if batch is None:
                return done
            await _issue(connection, hashing, batch, now)
        done += 1


async def _issue(
    connection: Connection, hashing: Hashing, batch: PlannedBatch, now: datetime
) -> None:
    await issue_access_codes(
        connection,
        hashing,
        batch.addressees,
        only=batch.channel,
        by=None,
        now=now,
        known_batch=KnownBatch(batch.batch_id),
    )
