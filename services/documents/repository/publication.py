"""The write SQL of what the town publishes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model.publication import Content, Description, Publication

SAVE = """
INSERT INTO publication (publication_id, title, kind, audience, valid_from, valid_until, version,
                         content_id, filename, size, published_at, published_by, withdrawn_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (publication_id) DO UPDATE SET
    version = excluded.version, content_id = excluded.content_id, filename = excluded.filename,
    size = excluded.size, published_at = excluded.published_at,
    published_by = excluded.published_by, withdrawn_at = excluded.withdrawn_at
"""


async def save(connection: Connection, publication: Publication) -> None:
    """Keep the publication as it stands."""
    described, content = publication.description, publication.content
    await connection.execute(
        SAVE,
        publication.publication_id,
        described.title,
        described.kind,
        described.audience,
        described.valid_from,
        described.valid_until,
        publication.version,
        content.content_id,
        content.filename,
        content.size,
        publication.published_at,
        publication.published_by,
        publication.withdrawn_at,
    )


async def lock(connection: Connection, publication_id: UUID) -> Publication | None:
    """The publication, held until the transaction ends."""
    row = await connection.fetchrow(
        "SELECT * FROM publication WHERE publication_id = $1 FOR UPDATE", publication_id
    )
    return publication_of(row) if row else None


async def known(connection: Connection, content_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the ids that are contents of a publication."""
    rows = await connection.fetch(
        "SELECT content_id FROM publication WHERE content_id = ANY($1::uuid[])", list(content_ids)
    )
    return frozenset(row["content_id"] for row in rows)


def publication_of(row: Any) -> Publication:
    """A publication from its row."""
    return Publication(
        publication_id=row["publication_id"],
        description=Description(
            row["title"], row["kind"], row["audience"], row["valid_from"], row["valid_until"]
        ),
        version=row["version"],
        content=Content(row["content_id"], row["filename"], row["size"]),
        published_at=row["published_at"],
        published_by=row["published_by"],
        withdrawn_at=row["withdrawn_at"],
    )
