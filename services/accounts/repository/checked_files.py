"""Files of families that were checked, kept sealed until they are imported or out of date."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that passed its check: whose, until when it is kept, what the check found.

    `finding` is a digest: as long as importing would do what was shown, it is the same.
    """

    import_id: UUID
    checked_by: UUID
    kept_until: datetime
    school_codes: frozenset[str]
    finding: bytes


async def add(connection: Connection, checked: CheckedFile) -> None:
    """Keep this one in the place of the last one that its clerk checked."""
    await connection.execute("DELETE FROM checked_file WHERE checked_by = $1", checked.checked_by)
    await connection.execute(
        """INSERT INTO checked_file (import_id, checked_by, kept_until, school_codes, finding)
           VALUES ($1, $2, $3, $4, $5)""",
        checked.import_id,
        checked.checked_by,
        checked.kept_until,
        sorted(checked.school_codes),
        checked.finding,
    )


async def add_part(connection: Connection, import_id: UUID, position: int, sealed: bytes) -> None:
    """Keep one part of its content."""
    await connection.execute(
        "INSERT INTO checked_file_part (import_id, position, sealed) VALUES ($1, $2, $3)",
        import_id,
        position,
        sealed,
    )


async def find(
    connection: Connection, import_id: UUID, checked_by: UUID, now: datetime
) -> CheckedFile | None:
    """The file that this clerk checked, if it is still kept."""
    row = await connection.fetchrow(
        """SELECT import_id, checked_by, kept_until, school_codes, finding FROM checked_file
           WHERE import_id = $1 AND checked_by = $2 AND kept_until > $3""",
        import_id,
        checked_by,
        now,
    )
    if row is None:
        return None
    return CheckedFile(
        import_id=row["import_id"],
        checked_by=row["checked_by"],
        kept_until=row["kept_until"],
        school_codes=frozenset(row["school_codes"]),
        finding=row["finding"],
    )


async def was_checked(connection: Connection, import_id: UUID, checked_by: UUID) -> bool:
    """Whether this clerk ever checked a file under this id."""
    found: bool = await connection.fetchval(
        """SELECT EXISTS (SELECT FROM import_run
                          WHERE import_id = $1 AND imported_by = $2 AND outcome = 'trial')""",
        import_id,
        checked_by,
    )
    return found


async def parts(connection: Connection, import_id: UUID) -> AsyncIterator[tuple[int, bytes]]:
    """Its content, a sealed part at a time; asks for an open transaction."""
    async for row in connection.cursor(
        "SELECT position, sealed FROM checked_file_part WHERE import_id = $1 ORDER BY position",
        import_id,
        prefetch=1,
    ):
        yield row["position"], row["sealed"]


async def drop(connection: Connection, import_id: UUID) -> bool:
    """Let go of it. Whether it was still there: of two who import it one is told so."""
    dropped = await connection.fetchval(
        "DELETE FROM checked_file WHERE import_id = $1 RETURNING import_id", import_id
    )
    return dropped is not None


async def forget(connection: Connection, now: datetime) -> None:
    """Drop what is no longer kept."""
    await connection.execute("DELETE FROM checked_file WHERE kept_until <= $1", now)
