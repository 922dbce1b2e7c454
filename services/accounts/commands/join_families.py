"""Make one record of two that are of one family."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.accounts import publishing
from services.accounts.commands.keep_record import keep_records
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
    kin = await _locked(connection, family_id, merged_family_id)
    survivor, merged = kin[family_id], kin[merged_family_id]
    known = {difference.key for difference in differences(survivor, merged)}
    if unknown := sorted(set(take) - known):
        message = f"Les deux fiches ne diffèrent pas sur « {unknown[0]} »."
        raise Invalid(errors=[FieldError("take", message)])
    joined = join(survivor, merged, take)
    accounts = await repository.accounts_of(connection, [family_id, merged_family_id])
    await sessions.revoke_all(connection, accounts, now)
    await outbox.append(connection, publishing.families_merged(joined))
    await repository.move(connection, joined)
    await keep_records(connection, [joined.record], kin)
    await repository.take_out(connection, merged, family_id, by=by, now=now)
    return joined.record


async def _locked(
    connection: Connection, family_id: UUID, merged_family_id: UUID
) -> dict[UUID, FamilyRecord]:
    kin = await families.lock_kin(connection, [family_id, merged_family_id])
    if family_id not in kin or merged_family_id not in kin:
        raise NotFound
    if family_id == merged_family_id:
        message = "Choisissez deux fiches différentes."
        raise Invalid(errors=[FieldError("other_id", message)])
    return kin
