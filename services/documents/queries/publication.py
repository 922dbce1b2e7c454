"""What can be read of what the town publishes."""

from collections.abc import Sequence
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model.publication import Publication
from services.documents.repository.publication import publication_of

LONGEST_LIST = 500


async def publications(connection: Connection) -> Sequence[Publication]:
    """All of them, by kind, the newest first."""
    rows = await connection.fetch(
        "SELECT * FROM publication ORDER BY kind, valid_from DESC, title, publication_id LIMIT $1",
        LONGEST_LIST,
    )
    return [publication_of(row) for row in rows]


async def publication(connection: Connection, publication_id: UUID) -> Publication | None:
    """One of them."""
    row = await connection.fetchrow(
        "SELECT * FROM publication WHERE publication_id = $1", publication_id
    )
    return publication_of(row) if row else None
