"""Write changed records, and tell: the one way in which a family record changes."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.accounts import publishing
from services.accounts.model.family import FamilyRecord
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
    await repository.save(connection, list(written.values()))
    events = [event for record in written.values() for event in publishing.family_saved(record)]
    await outbox.append_all(connection, events)
