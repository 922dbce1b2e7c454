"""Fetch the quotient familial from the funds, with the family's agreement."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from services.accounts.clients.particulier import ParticulierClient
from services.accounts.commands.change_record import Author
from services.accounts.commands.keep_record import keep_records, lock_family
from services.accounts.model.amending import BY_CODE, Change, present
from services.accounts.model.family import FamilyRecord
from services.accounts.model.quotient import CivilIdentity, Quotient
from services.accounts.repository import changes
from services.accounts.repository import families as repository
from services.chassis.database import Connection, Database
from services.chassis.errors import NotFound


async def fetch_quotient(
    database: Database,
    source: ParticulierClient,
    family_id: UUID,
    identity: CivilIdentity,
    by: Author,
    now: datetime,
) -> FamilyRecord:
    """The record with the quotient that the funds give now; no transaction waits for them.

    Raises NotFound, and what the source raises: the record is then as it was.
    """
    async with database.connection() as connection:
        if await repository.read(connection, family_id) is None:
            raise NotFound
    quotient = await source.quotient(identity)
    async with database.transaction() as connection:
        return await _keep(connection, family_id, quotient, by, now)


async def _keep(
    connection: Connection, family_id: UUID, quotient: Quotient, by: Author, now: datetime
) -> FamilyRecord:
    record, kin = await lock_family(connection, family_id)
    changed = record.changed_to(
        replace(
            record,
            quotient=quotient.value,
            quotient_valid_until=quotient.valid_until,
            quotient_source="api_particulier",
        )
    )
    # What a parent typed and still waits is overtaken by what the funds say.
    await changes.add(connection, [_noted(record, changed, by, now)])
    if changed is not record:
        await keep_records(connection, [changed], kin)
    return changed


def _noted(before: FamilyRecord, after: FamilyRecord, by: Author, now: datetime) -> Change:
    field = BY_CODE["family.quotient"]
    return Change(
        change_id=uuid4(),
        family_id=before.family_id,
        person_id=None,
        field=field,
        before=present(before, field),
        after=present(after, field),
        status="applied",
        asked_by=by.account_id,
        by_staff=by.is_staff,
        asked_at=now,
    )
