"""Change a record field by field: at once, or once the staff have looked, as the town sets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from services.accounts import publishing
from services.accounts.commands.keep_record import keep_records, lock_family
from services.accounts.errors import ChangeDecided, RecordMovedOn
from services.accounts.model import amending
from services.accounts.model.amending import BY_CODE, Change, Values, waits
from services.accounts.model.family import FamilyRecord
from services.accounts.model.wording import what
from services.accounts.repository import changes as repository
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import FieldError, Invalid, NotFound

BY_LINKS: Final = (
    "L’adresse mail se change depuis « Mon compte » : un lien la confirmera. "
    "Pour une personne sans compte, demandez-le au service enfance."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants one field to hold; attributes left out stay as they are."""

    field: str
    values: Values
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes a record: a parent, whose changes may wait, or the staff."""

    account_id: UUID | None
    is_staff: bool


async def change_record(
    connection: Connection,
    family_id: UUID,
    wishes: Sequence[Wish],
    by: Author,
    now: datetime,
) -> FamilyRecord:
    """The record after the changes that apply at once; the others wait, each noted.

    Raises NotFound for a family that does not exist, Invalid for a person of another one and for
    a parent who would have another mail address without links that confirm it.
    """
    present, kin = await lock_family(connection, family_id)
    rules = await repository.rules(connection)
    wishes = [*wishes, *_residence_to_check(present, wishes, by)]
    found = [_change(present, wish, by, now, rules.reviewed) for wish in wishes]
    changes = [change for change in found if change is not None]
    await repository.add(connection, changes)
    amended = present
    for change in changes:
        if change.status == "applied":
            amended = amending.applied(amended, change)
    amended = present.changed_to(amended)
    if amended is not present:
        await keep_records(connection, [amended], kin)
    return amended


def _residence_to_check(record: FamilyRecord, wishes: Sequence[Wish], by: Author) -> Sequence[Wish]:
    """A parent who moves to another town changes residence too, once the staff have looked.

    The staff set it themselves; a parent who says it in the same breath is taken at that word.
    """
    moved = any(
        wish.field == "family.address"
        and amending.is_another_town(record.address, wish.values["address"])
        for wish in wishes
    )
    told = any(wish.field == "family.resident" for wish in wishes)
    if by.is_staff or told or not moved:
        return ()
    return (Wish("family.resident", {"resident": not record.resident}),)


def _change(
    record: FamilyRecord, wish: Wish, by: Author, now: datetime, reviewed: Sequence[str]
) -> Change | None:
    """The wish as a change; None when the record says so already. Raises Invalid."""
    field = BY_CODE[wish.field]
    part = amending.target(record, field, wish.person_id)
    if part is None:
        message = "Indiquez lequel des responsables de cette famille est concerné."
        raise Invalid(errors=[FieldError("guardian_id", message)])
    before = amending.present(part, field)
    after = {**before, **wish.values}
    if after == before:
        return None
    if field.confirmed_by_links and not by.is_staff:
        raise Invalid(errors=[FieldError(field.attributes[0], BY_LINKS)])
    return Change(
        change_id=uuid4(),
        family_id=record.family_id,
        person_id=wish.person_id,
        field=field,
        before=before,
        after=after,
        status="pending" if not by.is_staff and waits(field, reviewed) else "applied",
        asked_by=by.account_id,
        by_staff=by.is_staff,
        asked_at=now,
    )


async def accept_change(
    connection: Connection, change_id: UUID, *, by: UUID | None, now: datetime
) -> Change:
    """Do what a parent asked for, and tell the family.

    Raises NotFound, ChangeDecided, RecordMovedOn when the record is no longer as the parent saw it.
    """
    record, kin, change = await _waiting(connection, change_id)
    part = amending.target(record, change.field, change.person_id)
    if part is None or amending.present(part, change.field) != change.before:
        raise RecordMovedOn
    if change.field.act == "add" and amending.is_listed(record, change.field.scope, change.after):
        raise RecordMovedOn
    await repository.decide(connection, change_id, "accepted", by=by, now=now)
    await keep_records(connection, [amending.applied(record, change)], kin)
    await _tell(connection, record, change, now)
    return replace(change, status="accepted", decided_by=by, decided_at=now)


async def refuse_change(
    connection: Connection, change_id: UUID, reason: str, *, by: UUID | None, now: datetime
) -> Change:
    """Leave the record as it is, and tell the family why. Raises NotFound, ChangeDecided."""
    record, _, change = await _waiting(connection, change_id)
    await repository.decide(connection, change_id, "refused", by=by, now=now, reason=reason)
    await _tell(connection, record, change, now, reason=reason)
    return replace(change, status="refused", decided_by=by, decided_at=now, reason=reason)


async def _tell(
    connection: Connection,
    record: FamilyRecord,
    change: Change,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    asked_by = await repository.guardian_of(connection, change.asked_by)
    label = what(change, record)
    told = publishing.change_decided(change, label, now, asked_by=asked_by, reason=reason)
    await outbox.append(connection, told)


async def _waiting(
    connection: Connection, change_id: UUID
) -> tuple[FamilyRecord, dict[UUID, FamilyRecord], Change]:
    family_id = await repository.family_of(connection, change_id)
    if family_id is None:
        raise NotFound
    # The record first, as everybody who changes it does.
    record, kin = await lock_family(connection, family_id)
    change = await repository.lock(connection, change_id)
    if change is None:
        raise NotFound
    if change.status != "pending":
        raise ChangeDecided
    return record, dict(kin), change
