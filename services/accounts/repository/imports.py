"""A file on its way in: its lines in a temporary table, what became of each, the kept reports."""

import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.accounts.model.export import BYTE_ORDER_MARK, csv_lines
from services.accounts.model.table import LineError, Row
from services.chassis.database import Connection

LineResult = Literal["created", "updated", "unchanged", "refused"]
RESULT_WORDS: dict[str, str] = {
    "created": "créée",
    "updated": "modifiée",
    "unchanged": "inchangée",
    "refused": "refusée",
}

# Enough for set-based work; the memory that an import takes is a few of these, whatever the file.
CHUNK = 2000
# Said of a line that is right itself: no error to mend, so none is counted.
SIBLING_REFUSED = "Une autre ligne du même dossier est refusée."
REPORT_HEADINGS = ("ligne", "dossier", "resultat", "colonne", "message")

STAGE = """
CREATE TEMPORARY TABLE staged_line (
    line integer NOT NULL, reference text NOT NULL, cells text[] NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE line_outcome (
    line integer NOT NULL, reference text NOT NULL, result text NOT NULL, column_name text,
    message text
) ON COMMIT DROP
"""


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of a line."""

    line: int
    reference: str
    result: LineResult
    column: str | None = None
    message: str | None = None

    @classmethod
    def refused(cls, error: LineError, reference: str = "") -> "LineOutcome":
        """The line as its error has it."""
        return cls(error.line, reference, "refused", error.column, error.message)


async def begin(connection: Connection) -> None:
    """Make the temporary tables of this transaction."""
    await connection.execute(STAGE)


async def stage(connection: Connection, rows: Sequence[Row], reference: str) -> None:
    """Put rows aside; `reference` is the column that names their family."""
    records = [(row.line, row.cells[reference], list(row.cells.values())) for row in rows]
    await connection.copy_records_to_table("staged_line", records=records)


async def drop_crowded(connection: Connection, most: int) -> list[LineError]:
    """Leave out families with more lines than one can have; the line of each that is too many."""
    rows = await connection.fetch(
        """WITH numbered AS (
               SELECT line, reference,
                      row_number() OVER (PARTITION BY reference ORDER BY line) AS number
               FROM staged_line
           ), crowded AS (
               SELECT line, reference FROM numbered WHERE number = $1
           ), dropped AS (
               DELETE FROM staged_line USING crowded
               WHERE staged_line.reference = crowded.reference
           )
           SELECT line FROM crowded ORDER BY line""",
        most + 1,
    )
    message = f"Plus de {most} lignes portent ce numéro de dossier."
    return [LineError(row["line"], "dossier", message) for row in rows]


async def families(
    connection: Connection, headings: Sequence[str], reference: str
) -> AsyncIterator[list[Row]]:
    """The staged rows, a chunk at a time, every line of a family in the same one."""
    chunk: list[Row] = []
    async for record in connection.cursor(
        "SELECT line, cells FROM staged_line ORDER BY reference, line", prefetch=CHUNK
    ):
        row = Row(record["line"], dict(zip(headings, record["cells"], strict=True)))
        if len(chunk) >= CHUNK and row.cells[reference] != chunk[-1].cells[reference]:
            yield chunk
            chunk = []
        chunk.append(row)
    if chunk:
        yield chunk


async def note(connection: Connection, outcomes: Sequence[LineOutcome]) -> None:
    """Keep what became of these lines for the report."""
    records = [(o.line, o.reference, o.result, o.column, o.message) for o in outcomes]
    await connection.copy_records_to_table("line_outcome", records=records)


async def errors(connection: Connection, most: int) -> tuple[list[LineError], int]:
    """The first errors to mend in the order of the file, and how many there are."""
    rows = await connection.fetch(
        """SELECT line, column_name, message FROM line_outcome
           WHERE result = 'refused' AND message <> $2
           ORDER BY line, column_name LIMIT $1""",
        most,
        SIBLING_REFUSED,
    )
    count = await connection.fetchval(
        "SELECT count(*) FROM line_outcome WHERE result = 'refused' AND message <> $1",
        SIBLING_REFUSED,
    )
    return [LineError(*row) for row in rows], count


async def report(connection: Connection) -> bytes:
    """What became of every line, in the order of the file: CSV, compressed (gzip)."""
    packed = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    parts = [packed.compress((BYTE_ORDER_MARK + csv_lines([REPORT_HEADINGS])).encode())]
    rows: list[tuple[str, ...]] = []
    async for row in connection.cursor(
        "SELECT * FROM line_outcome ORDER BY line, column_name", prefetch=CHUNK
    ):
        line, reference, result, column, message = row
        rows.append((str(line), reference, RESULT_WORDS[result], column or "", message or ""))
        if len(rows) == CHUNK:
            parts.append(packed.compress(csv_lines(rows).encode()))
            rows = []
    parts.append(packed.compress(csv_lines(rows).encode()))
    return b"".join((*parts, packed.flush()))


async def renew_statistics(connection: Connection) -> None:
    """Tell the planner how large the tables are now.

    Until it finds out by itself it would read them whole for each chunk of the next import.
    """
    await connection.execute("ANALYZE family, guardian, child")


async def keep(
    connection: Connection,
    import_id: UUID,
    outcome: str,
    packed_report: bytes,
    *,
    by: UUID | None,
    now: datetime,
) -> None:
    """Keep an import's report."""
    await connection.execute(
        """INSERT INTO import_run (import_id, imported_at, imported_by, outcome, report)
           VALUES ($1, $2, $3, $4, $5)""",
        import_id,
        now,
        by,
        outcome,
        packed_report,
    )


async def kept_report(connection: Connection, import_id: UUID) -> bytes | None:
    """An import's report, compressed."""
    packed: bytes | None = await connection.fetchval(
        "SELECT report FROM import_run WHERE import_id = $1", import_id
    )
    return packed


async def forget(connection: Connection, before: datetime) -> None:
    """Drop the reports of imports before this instant."""
    await connection.execute("DELETE FROM import_run WHERE imported_at < $1", before)
