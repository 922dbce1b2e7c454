"""What can be asked of imports, and of the whole family file."""

from collections.abc import AsyncIterator
from uuid import UUID

from services.accounts.model.family import FamilyRecord
from services.accounts.repository import families, imports
from services.chassis.database import Connection, Database

CHUNK = 500


async def report(connection: Connection, import_id: UUID) -> bytes | None:
    """An import's report, compressed (gzip)."""
    return await imports.kept_report(connection, import_id)


async def all_families(database: Database) -> AsyncIterator[list[FamilyRecord]]:
    """Every family by reference, a chunk at a time; no connection is held in between."""
    last = ""
    while True:
        async with database.connection() as connection:
            rows = await connection.fetch(
                """SELECT family_id, reference FROM family WHERE reference > $1 ORDER BY reference
                   LIMIT $2""",
                last,
                CHUNK,
            )
            ids = [row["family_id"] for row in rows]
            found = await families.read_all(connection, ids)
        if not rows:
            return
        yield [found[family_id] for family_id in ids if family_id in found]
        last = rows[-1]["reference"]
