"""Take in the town's file of families: all of it, or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from services.accounts.commands.keep_record import keep_records
from services.accounts.errors import ImportRefused
from services.accounts.model.family import FamilyRecord
from services.accounts.model.family_file import FileFamily, Reading
from services.accounts.model.merging import merge
from services.accounts.repository import families as repository
from services.chassis.database import Connection
from services.chassis.errors import FieldError

# Large enough for set-based writes, small enough that a city's file is not held twice in memory.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    families: int
    guardians: int
    children: int
    created: int
    updated: int
    unchanged: int


async def import_families(
    connection: Connection,
    reading: Reading,
    *,
    dry_run: bool,
    new_id: Callable[[], UUID] = uuid4,
) -> ImportReport:
    """Write what the file changes. Raises ImportRefused with every bad line."""
    if reading.error_count:
        raise _refusal(reading)
    await repository.one_import_at_a_time(connection)
    created = updated = 0
    for start in range(0, len(reading.families), CHUNK):
        chunk = reading.families[start : start + CHUNK]
        changed = await _take_in(connection, chunk, new_id, dry_run=dry_run)
        new = sum(record.record_version == 1 for record in changed)
        created, updated = created + new, updated + len(changed) - new
    return ImportReport(
        families=len(reading.families),
        guardians=sum(len(f.guardians) for f in reading.families),
        children=sum(len(f.children) for f in reading.families),
        created=created,
        updated=updated,
        unchanged=len(reading.families) - created - updated,
    )


async def _take_in(
    connection: Connection,
    chunk: Sequence[FileFamily],
    new_id: Callable[[], UUID],
    *,
    dry_run: bool,
) -> list[FamilyRecord]:
    """Merge these families of the file into the records; those that are different by it."""
    present = await repository.lock_by_reference(connection, [f.reference for f in chunk])
    merged = (merge(present.get(f.reference), f, new_id) for f in chunk)
    changed = [record for record in merged if record is not present.get(record.reference)]
    if not dry_run:
        kin = {record.family_id: record for record in present.values()}
        await keep_records(connection, changed, kin)
    return changed


def _refusal(reading: Reading) -> ImportRefused:
    detail = f"Rien n’a été importé : {reading.error_count} erreur(s) à corriger dans le fichier."
    if reading.error_count > len(reading.errors):
        detail += f" Les {len(reading.errors)} premières sont données."
    return ImportRefused(detail, errors=[FieldError(e.field, e.message) for e in reading.errors])
