"""Make one record of two that are of one family."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.accounts import publishing
from services.accounts.model.family import FamilyRecord
from services.accounts.model.joining import differences, join
from services.accounts.repository import families, sessions
from services.accounts.repository import joining as repository
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import FieldError, Invalid, NotFound


async def join_families(
    connection: Connection,
    family_id: UUID,
    merged_family_id: UUID,
    take: Collection[str],
    *,
    by: UUID | None,
    now: datetime,
) -> FamilyRecord:
    """Put the merged record into the other one; every service moves what it has of it.

    The guardians of both sign in again, since their sessions name a family.
    Raises NotFound, Invalid for a family with itself or a choice that there is not.
    """
    # An import at the same time could bring the record back that goes.
    await families.one_import_at_a_time(connection)
    survivor, merged = await _both(connection, family_id, merged_family_id)
    known = {difference.key for difference in differences(survivor, merged)}
    if unknown := sorted(set(take) - known):
        message = f"Les deux fiches ne diffèrent pas sur « {unknown[0]} »."
        raise Invalid(errors=[FieldError("take", message)])
    joined = join(survivor, merged, take)
    accounts = await repository.accounts_of(connection, [family_id, merged_family_id])
    await sessions.revoke_all(connection, accounts, now)
    await repository.save(connection, joined, merged, by=by, now=now)
    await outbox.append(connection, publishing.families_merged(joined))
    await outbox.append_all(connection, publishing.family_saved(joined.record))
    return joined.record


async def _both(
    connection: Connection, family_id: UUID, merged_family_id: UUID
) -> tuple[FamilyRecord, FamilyRecord]:
    # In one order everywhere, so that two clerks cannot wait for each other.
    locked = {i: await families.lock(connection, i) for i in sorted((family_id, merged_family_id))}
    survivor, merged = locked[family_id], locked[merged_family_id]
    if survivor is None or merged is None:
        raise NotFound
    if family_id == merged_family_id:
        message = "Choisissez deux fiches différentes."
        raise Invalid(errors=[FieldError("other_id", message)])
    return survivor, merged
