"""Keep a checked file of families for the clerk who checked it, and read it back."""

import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast
from uuid import UUID

from services.accounts.errors import CheckedFileGone
from services.accounts.repository import checked_files as repository
from services.accounts.repository.checked_files import CheckedFile
from services.chassis.database import Connection, Database
from services.chassis.errors import NotFound
from services.chassis.sealing import Secrets

# Long enough to read what would change and to ask a colleague; it holds every family's data.
KEPT: Final = timedelta(hours=1)
PURPOSE: Final = "checked-file"
# Of the file, before it is compressed: what sealing one part takes in memory.
PART_BYTES: Final = 1024 * 1024


async def keep_checked(
    connection: Connection, secrets: Secrets, checked: CheckedFile, file: BinaryIO
) -> None:
    """Keep it sealed, in the place of the last one of this clerk."""
    await repository.add(connection, checked)
    for position, part in enumerate(_parts(file)):
        owner = _owner(checked.import_id, position)
        sealed = secrets.seal_bytes(PURPOSE, owner, zlib.compress(part))
        await repository.add_part(connection, checked.import_id, position, sealed)


@asynccontextmanager
async def kept_file(
    database: Database, secrets: Secrets, import_id: UUID, *, by: UUID, now: datetime
) -> AsyncIterator[tuple[CheckedFile, BinaryIO]]:
    """The file that this clerk checked, on disk. Raises CheckedFileGone, NotFound."""
    with TemporaryFile() as file:
        async with database.transaction() as connection:
            checked = await repository.find(connection, import_id, by, now)
            if checked is None:
                known = await repository.was_checked(connection, import_id, by)
                raise CheckedFileGone if known else NotFound
            async for position, sealed in repository.parts(connection, import_id):
                packed = secrets.open_bytes(PURPOSE, _owner(import_id, position), sealed)
                file.write(zlib.decompress(packed))
        file.seek(0)
        yield checked, cast("BinaryIO", file)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while part := file.read(PART_BYTES):
        yield part


def _owner(import_id: UUID, position: int) -> bytes:
    # A part put in the place of another does not open.
    return import_id.bytes + position.to_bytes(4)
