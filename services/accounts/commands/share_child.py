"""Garde alternée: a child in two homes, and the calendar that says where it is when."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.accounts.commands.keep_record import keep_records, lock_family
from services.accounts.errors import AlreadyShared, NotShared, SameHome
from services.accounts.model import sharing
from services.accounts.model.custody import Custody
from services.accounts.model.family import Child, FamilyRecord
from services.accounts.repository import children
from services.accounts.repository import families as repository
from services.chassis.database import Connection
from services.chassis.errors import FieldError, Invalid, NotFound


async def link_second_home(
    connection: Connection,
    family_id: UUID,
    child_id: UUID,
    second: str,
    *,
    by: UUID | None,
    now: datetime,
) -> FamilyRecord:
    """Put the child into the file of the family with this number as well; both records say so.

    Raises NotFound, AlreadyShared, SameHome, Invalid when no family has this number.
    """
    other_id = await _numbered(connection, second)
    if other_id == family_id:
        raise SameHome
    kin = await repository.lock_kin(connection, [family_id, other_id])
    record, other = kin.get(family_id), kin.get(other_id)
    child = record.child(child_id) if record else None
    if record is None or other is None or child is None:
        raise NotFound
    if child.homes:
        raise AlreadyShared
    await children.link(connection, child_id, other_id, by=by, now=now)
    shared = replace(child, homes=(family_id, other_id))
    changed = record.with_child(shared)
    joined = other.changed_to(replace(other, children=(*other.children, shared)))
    await keep_records(connection, [changed, joined], kin)
    return changed


async def _numbered(connection: Connection, reference: str) -> UUID:
    family_id = await repository.id_of(connection, reference)
    if family_id is None:
        message = "Aucune famille ne porte ce numéro de dossier."
        raise Invalid(errors=[FieldError("reference", message)])
    return family_id


async def unlink_second_home(
    connection: Connection, family_id: UUID, child_id: UUID
) -> FamilyRecord:
    """Leave the child in the file of the family that registered it alone. Raises NotShared."""
    record, kin = await lock_family(connection, family_id)
    child = _shared(record, child_id)
    first, second = kin[child.homes[0]], kin[child.homes[1]]
    await children.unlink(connection, child_id)
    alone = first.with_child(sharing.alone(child))
    left = sharing.without(second, child_id)
    await keep_records(connection, [alone, left], kin)
    return alone if first.family_id == family_id else left


async def set_custody(
    connection: Connection, family_id: UUID, child_id: UUID, custody: Custody
) -> FamilyRecord:
    """Keep the calendar; both homes are told. Raises NotFound, NotShared, Invalid."""
    record, kin = await lock_family(connection, family_id)
    child = _shared(record, child_id)
    if clash := custody.overlapping():
        message = (
            f"Deux périodes se recouvrent : du {clash[0].first:%d/%m/%Y} et du "
            f"{clash[1].first:%d/%m/%Y}."
        )
        raise Invalid(errors=[FieldError("stays", message)])
    changed = record.with_child(replace(child, custody=custody))
    if changed is record:
        return record
    await children.keep_custody(connection, child_id, custody)
    await keep_records(connection, [changed], kin)
    return changed


def _shared(record: FamilyRecord, child_id: UUID) -> Child:
    child = record.child(child_id)
    if child is None:
        raise NotFound
    if not child.homes:
        raise NotShared
    return child
