"""Write changed records, and tell: the one way in which a family record changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.accounts import publishing
from services.accounts.model.family import FamilyRecord
from services.accounts.repository import consents
from services.accounts.repository import families as repository
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import NotFound


async def lock_family(
    connection: Connection, family_id: UUID
) -> tuple[FamilyRecord, Mapping[UUID, FamilyRecord]]:
    """The record, and all those that a change of it may touch. Raises NotFound."""
    kin = await repository.lock_kin(connection, [family_id])
    if family_id not in kin:
        raise NotFound
    return kin[family_id], kin


async def keep_records(
    connection: Connection, changed: Iterable[FamilyRecord], kin: Mapping[UUID, FamilyRecord]
) -> None:
    """Save and tell these records, and the other homes' whose children are different by it."""
    written = {record.family_id: record for record in changed}
    different = {
        child.child_id: child
        for record in written.values()
        for child in record.children_unlike(kin.get(record.family_id))
    }
    homes = {home for child in different.values() for home in child.homes}
    for home in homes & kin.keys():
        present = written.get(home, kin[home])
        shared = present.with_children(different)
        if shared is not present:
            written[home] = shared
    await save_and_tell(connection, list(written.values()))


async def save_and_tell(connection: Connection, records: Sequence[FamilyRecord]) -> None:
    """Write these records whole, and tell them with what each home consented to."""
    await repository.save(connection, records)
    said = await consents.said(connection, [record.family_id for record in records])
    events = [e for r in records for e in publishing.family_saved(r, said.get(r.family_id, ()))]
    await outbox.append_all(connection, events)


async def tell_again(connection: Connection, record: FamilyRecord) -> None:
    """Tell the file as its next version, for what it is told with is different."""
    again = replace(record, record_version=record.record_version + 1)
    await save_and_tell(connection, [again])


async def tell_waiting(connection: Connection, limit: int) -> int:
    """Tell the files anew that wait for it, at most so many; how many there were."""
    waiting = await repository.lock_untold(connection, limit)
    for record in waiting:
        await tell_again(connection, record)
    await repository.note_told(connection, [record.family_id for record in waiting])
    return len(waiting)
