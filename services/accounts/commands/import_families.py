"""Take in the town's file of families: all of it, or nothing; in memory that does not grow."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO
from uuid import UUID, uuid4

from services.accounts.commands.checked_files import KEPT, keep_checked
from services.accounts.commands.keep_record import keep_records
from services.accounts.errors import CheckedFileGone, ImportOutdated, ImportRefused
from services.accounts.model import columns
from services.accounts.model.family import FamilyRecord
from services.accounts.model.family_file import FileFamily, read_families
from services.accounts.model.merging import merge
from services.accounts.model.table import LineError, Row, Table, UnreadableFile, open_table
from services.accounts.repository import checked_files, imports, joining
from services.accounts.repository import families as repository
from services.accounts.repository.checked_files import CheckedFile
from services.accounts.repository.imports import LineOutcome, LineResult
from services.chassis.database import Connection, Database
from services.chassis.errors import FieldError
from services.chassis.sealing import Secrets

# More than anyone corrects in one go; the report has them all.
REPORTED_ERRORS = 200
# No family has so many children: a column that was filled with one value has many lines.
LINES_A_FAMILY = 60

NewId = Callable[[], UUID]
REFERENCE = columns.REFERENCE.heading


@dataclass(frozen=True, slots=True)
class Import:
    """One file to take in: when, by whom, and whether only to say what would come of it.

    `school_codes`: the schools that its children may be of; empty: any. `checked`: the check
    that the clerk has seen, which is to hold still.
    """

    file: BinaryIO
    now: datetime
    today: date
    by: UUID | None
    dry_run: bool
    school_codes: frozenset[str] = frozenset()
    checked: CheckedFile | None = None


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do.

    `finding`: digest of what becomes of each family, and of which version of its record.
    `kept_until`: when the file of a check is forgotten.
    """

    families: int = 0
    guardians: int = 0
    children: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: bool = field(default=False, repr=False)
    finding: bytes = field(default=b"", repr=False)
    kept_until: datetime | None = None


async def import_families(
    database: Database, secrets: Secrets, asked: Import, new_id: NewId = uuid4
) -> tuple[UUID, ImportReport]:
    """Write what the file changes, and keep a report of every line; of a check the file too.

    Raises ImportRefused with the first bad lines; then nothing is written but the report.
    Raises ImportOutdated, CheckedFileGone of a file that was checked before.
    Opens its own transactions, since the report of a refused file outlives its own.
    """
    import_id = uuid4()
    try:
        async with database.transaction() as connection:
            done = await _take_in(connection, asked, new_id)
            packed = await imports.report(connection)
            if done.refused:
                raise await _refusal(connection, packed)
            outcome = "trial" if asked.dry_run else "done"
            await imports.keep(connection, import_id, outcome, packed, by=asked.by, now=asked.now)
            if asked.dry_run:
                await _keep_file(connection, secrets, import_id, asked, done)
            elif asked.checked:
                await _let_go(connection, asked.checked, done)
            return import_id, done
    except _Refused as refused:
        async with database.transaction() as connection:
            await imports.keep(
                connection, import_id, "refused", refused.packed, by=asked.by, now=asked.now
            )
        refused.refusal.import_id = import_id
        raise refused.refusal from None


class _Refused(Exception):
    """Undoes the transaction; carries what is to be kept of it."""

    def __init__(self, refusal: ImportRefused, packed: bytes) -> None:
        super().__init__(refusal.detail)
        self.refusal, self.packed = refusal, packed


async def _keep_file(
    connection: Connection, secrets: Secrets, import_id: UUID, asked: Import, done: ImportReport
) -> None:
    # The file is kept for an account; the operator's own tools have none.
    if asked.by is None:
        return
    done.kept_until = asked.now + KEPT
    checked = CheckedFile(import_id, asked.by, done.kept_until, asked.school_codes, done.finding)
    await keep_checked(connection, secrets, checked, asked.file)


async def _let_go(connection: Connection, checked: CheckedFile, done: ImportReport) -> None:
    # Asked first: of two clicks the later one finds its own import's changes.
    if not await checked_files.drop(connection, checked.import_id):
        raise CheckedFileGone
    if done.finding != checked.finding:
        raise ImportOutdated


async def _take_in(connection: Connection, asked: Import, new_id: NewId) -> ImportReport:
    await repository.one_import_at_a_time(connection)
    await imports.begin(connection)
    report = ImportReport()
    headings = await _stage(connection, asked.file, report)
    async for rows in imports.families(connection, headings, REFERENCE):
        reading = await asyncio.to_thread(
            read_families, headings, rows, asked.today, asked.school_codes
        )
        report.refused = report.refused or bool(reading.errors)
        bad = _references_of(reading.errors, rows)
        good = [family for family in reading.families if family.reference not in bad]
        changed, results = await _changed(connection, good, new_id)
        _count(report, good, results)
        report.finding = _digest(report.finding, changed, results)
        # A bad line later in the file undoes it all; once there is one, writing is in vain.
        if not asked.dry_run and not report.refused:
            await _save(connection, changed)
        await imports.note(connection, _outcomes(rows, reading.errors, bad, results))
    if report.created >= imports.CHUNK and not (asked.dry_run or report.refused):
        await imports.renew_statistics(connection)
    if not report.families and not report.refused:
        await _refuse(
            connection, report, [LineError(2, None, "Le fichier ne contient aucune famille.")]
        )
    return report


async def _stage(connection: Connection, file: BinaryIO, report: ImportReport) -> Sequence[str]:
    """Put the file's lines aside; what cannot be read is refused. Gives its headings."""
    try:
        table = await asyncio.to_thread(open_table, file)
    except UnreadableFile as unreadable:
        await _refuse(connection, report, [unreadable.error])
        return ()
    rows = _Rows(table)
    while chunk := await asyncio.to_thread(lambda: list(islice(rows, imports.CHUNK))):
        await imports.stage(connection, [r for r in chunk if isinstance(r, Row)], REFERENCE)
        await _refuse(connection, report, [e for e in chunk if isinstance(e, LineError)])
    await _refuse(connection, report, await imports.drop_crowded(connection, LINES_A_FAMILY))
    await _refuse(connection, report, await joining.merged_references(connection))
    return table.headings


class _Rows:
    """The rows of a table; an unreadable rest, or a row of no family, as an error."""

    def __init__(self, table: Table) -> None:
        self._rows = table.rows()

    def __iter__(self) -> "_Rows":
        return self

    def __next__(self) -> Row | LineError:
        try:
            row = next(self._rows)
        except UnreadableFile as unreadable:
            self._rows = iter(())
            return unreadable.error
        if isinstance(row, Row) and not row.cells[REFERENCE]:
            return LineError(row.line, REFERENCE, "Cette valeur est obligatoire.")
        return row


async def _refuse(
    connection: Connection, report: ImportReport, errors: Sequence[LineError]
) -> None:
    if errors:
        report.refused = True
        await imports.note(connection, [LineOutcome.refused(error) for error in errors])


def _references_of(errors: Sequence[LineError], rows: Sequence[Row]) -> set[str]:
    lines = {error.line for error in errors}
    return {row.cells[REFERENCE] for row in rows if row.line in lines}


async def _changed(
    connection: Connection, chunk: Sequence[FileFamily], new_id: NewId
) -> tuple[list[FamilyRecord], dict[str, LineResult]]:
    present = await repository.lock_by_reference(connection, [f.reference for f in chunk])
    changed, results = [], {}
    for family in chunk:
        known = present.get(family.reference)
        record = merge(known, family, new_id)
        result: LineResult = "unchanged" if record is known else "updated" if known else "created"
        results[family.reference] = result
        if record is not known:
            changed.append(record)
    return changed, results


def _count(
    report: ImportReport, families: Sequence[FileFamily], results: dict[str, LineResult]
) -> None:
    report.families += len(families)
    report.guardians += sum(len(family.guardians) for family in families)
    report.children += sum(len(family.children) for family in families)
    found = list(results.values())
    report.created += found.count("created")
    report.updated += found.count("updated")
    report.unchanged += found.count("unchanged")


def _digest(
    before: bytes, changed: Sequence[FamilyRecord], results: dict[str, LineResult]
) -> bytes:
    # Of a family that the file leaves as it is, the version does not matter.
    versions = {record.reference: record.record_version for record in changed}
    found = (f"{name}:{result}:{versions.get(name)}" for name, result in results.items())
    return hashlib.sha256(before + "\n".join(found).encode()).digest()


def _outcomes(
    rows: Sequence[Row],
    errors: Sequence[LineError],
    bad: set[str],
    results: dict[str, LineResult],
) -> list[LineOutcome]:
    """One a line, and for a refused one as many as there are reasons."""
    reference_of = {row.line: row.cells[REFERENCE] for row in rows}
    refused = [LineOutcome.refused(error, reference_of[error.line]) for error in errors]
    told = {error.line for error in errors}
    for line, reference in reference_of.items():
        if line in told:
            continue
        if reference in bad:
            error = LineError(line, None, imports.SIBLING_REFUSED)
            refused.append(LineOutcome.refused(error, reference))
        else:
            refused.append(LineOutcome(line, reference, results[reference]))
    return refused


async def _save(connection: Connection, changed: Sequence[FamilyRecord]) -> None:
    kin = await repository.lock_kin(connection, [record.family_id for record in changed])
    await keep_records(connection, changed, kin)


async def _refusal(connection: Connection, packed: bytes) -> _Refused:
    errors, count = await imports.errors(connection, REPORTED_ERRORS)
    found = f"{count} erreur{'s' if count > 1 else ''}"
    detail = f"Rien n’a été importé : {found} à corriger dans le fichier."
    if count > len(errors):
        detail += f" Les {len(errors)} premières sont données."
    shown = [FieldError(error.field, error.message) for error in errors]
    return _Refused(ImportRefused(detail, errors=shown), packed)
