"""Who is in a record: opened by hand, people added, taken out, put first."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from services.accounts.commands.change_record import Author
from services.accounts.commands.keep_record import keep_records, lock_family
from services.accounts.errors import FamilyResembles, LastGuardian, PersonListed, RecordFull
from services.accounts.model import amending, sharing
from services.accounts.model.amending import BY_CODE, Change
from services.accounts.model.duplicates import likely
from services.accounts.model.family import Child, FamilyRecord, Guardian
from services.accounts.model.requests import RequestForm, opened
from services.accounts.repository import changes, people, requests
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import NotFound

Kind = Literal["guardian", "child"]

MOST: Final[Mapping[Kind, int]] = {"guardian": 6, "child": 20}
SHOWN_ALIKE: Final = 3


async def open_record(
    connection: Connection,
    form: RequestForm,
    *,
    resident: bool,
    although_alike: bool,
    now: datetime,
    new_id: Callable[[], UUID] = uuid4,
) -> FamilyRecord:
    """A new record, as the office types it. Raises FamilyResembles unless it insists."""
    if not although_alike:
        alike = likely(form, await requests.alike(connection, form))
        if alike:
            named = ", ".join(f"{r.label} (dossier {r.reference})" for r in alike[:SHOWN_ALIKE])
            raise FamilyResembles(f"Vérifiez que ce n’est pas la même : {named}.")
    reference = await requests.new_reference(connection, paris_date(now))
    record = opened(form, new_id(), reference, resident=resident, new_id=new_id)
    await keep_records(connection, [record], {})
    return record


async def add_person(
    connection: Connection,
    family_id: UUID,
    kind: Kind,
    values: Mapping[str, Any],
    by: Author,
    now: datetime,
) -> FamilyRecord:
    """Add a guardian or a child; what a parent asks for waits for the staff.

    Who was in the record before is the same person again. Raises NotFound, PersonListed,
    RecordFull.
    """
    record, kin = await lock_family(connection, family_id)
    known = await people.comings_and_goings(connection, family_id)
    if amending.is_listed(record, kind, values):
        raise PersonListed
    if _crowd(record, kind, known) >= MOST[kind]:
        raise RecordFull
    change = Change(
        change_id=uuid4(),
        family_id=family_id,
        person_id=await _known_as(connection, known, kind, values) or uuid4(),
        field=BY_CODE[f"{kind}.added"],
        before={},
        after=values,
        status="applied" if by.is_staff else "pending",
        asked_by=by.account_id,
        by_staff=by.is_staff,
        asked_at=now,
    )
    await changes.add(connection, [change])
    if not by.is_staff:
        return record
    added = amending.applied(record, change)
    await keep_records(connection, [added], kin)
    return added


async def remove_guardian(
    connection: Connection, family_id: UUID, guardian_id: UUID, *, by: UUID | None, now: datetime
) -> FamilyRecord:
    """Take a guardian out; the account ends. Raises NotFound, LastGuardian."""
    record, kin = await lock_family(connection, family_id)
    guardian = record.guardian(guardian_id)
    if guardian is None:
        raise NotFound
    if len(record.guardians) == 1:
        raise LastGuardian
    await _note_leaving(connection, record, guardian, guardian_id, by=by, now=now)
    await people.remove_guardian(connection, guardian_id)
    rest = tuple(g for g in record.guardians if g.guardian_id != guardian_id)
    left = record.changed_to(replace(record, guardians=rest))
    await keep_records(connection, [left], kin)
    return left


async def remove_child(
    connection: Connection, family_id: UUID, child_id: UUID, *, by: UUID | None, now: datetime
) -> FamilyRecord:
    """Take a child out of this family's file; one of two homes stays in the other's.

    What was written of it stays where it is written. Raises NotFound.
    """
    record, kin = await lock_family(connection, family_id)
    child = record.child(child_id)
    if child is None:
        raise NotFound
    await _note_leaving(connection, record, child, child_id, by=by, now=now)
    left = sharing.without(record, child_id)
    other = child.other_home(family_id)
    if other is None:
        await people.remove_child(connection, child_id)
        await keep_records(connection, [left], kin)
    else:
        await people.leave_home(connection, child_id, family_id)
        home = kin[other].with_child(sharing.alone(child))
        await keep_records(connection, [left, home], kin)
    return left


async def put_first(connection: Connection, family_id: UUID, guardian_id: UUID) -> FamilyRecord:
    """Have this guardian receive the family's messages. Raises NotFound."""
    record, kin = await lock_family(connection, family_id)
    first = record.guardian(guardian_id)
    if first is None:
        raise NotFound
    rest = tuple(g for g in record.guardians if g.guardian_id != guardian_id)
    ordered = record.changed_to(replace(record, guardians=(first, *rest)))
    if ordered is not record:
        await keep_records(connection, [ordered], kin)
    return ordered


def _crowd(record: FamilyRecord, kind: Kind, known: list[Change]) -> int:
    """How many there are of this kind, those who wait for the staff included."""
    listed = record.guardians if kind == "guardian" else record.children
    waiting = [c for c in known if c.status == "pending" and c.field.scope == kind]
    return len(listed) + len(waiting)


async def _known_as(
    connection: Connection, known: list[Change], kind: Kind, values: Mapping[str, Any]
) -> UUID | None:
    """The id under which the family knew, or asked for, this person; None once it is elsewhere."""
    for change in known:
        if change.field.scope == kind and amending.is_same(change.after or change.before, values):
            found = change.person_id
            return None if found and await people.is_in_a_file(connection, found) else found
    return None


async def _note_leaving(
    connection: Connection,
    record: FamilyRecord,
    person: Guardian | Child,
    person_id: UUID,
    *,
    by: UUID | None,
    now: datetime,
) -> None:
    field = BY_CODE["guardian.removed" if isinstance(person, Guardian) else "child.removed"]
    change = Change(
        change_id=uuid4(),
        family_id=record.family_id,
        person_id=person_id,
        field=field,
        before=amending.present(person, field),
        after={},
        status="applied",
        asked_by=by,
        by_staff=True,
        asked_at=now,
    )
    await people.give_up_wishes(connection, person_id)
    await changes.add(connection, [change])
