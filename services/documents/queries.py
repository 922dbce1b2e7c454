"""What can be read about documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model import DocumentType

LONGEST_LIST = 500

SELECT_DOCUMENTS = """
SELECT d.document_id, d.document_type, t.label, d.filename, d.content_type, d.size, d.child_id,
       d.deposited_at
FROM document d JOIN document_type t ON t.code = d.document_type
WHERE d.family_id = $1 AND ($2::uuid IS NULL OR d.document_id = $2)
ORDER BY d.deposited_at DESC, d.document_id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document as lists show it."""

    document_id: UUID
    document_type: str
    label: str
    filename: str
    content_type: str
    size: int
    child_id: UUID | None
    deposited_at: datetime


async def document_types(connection: Connection) -> Sequence[DocumentType]:
    """Every type, in the town's order."""
    rows = await connection.fetch(
        "SELECT code, label, per_child FROM document_type ORDER BY position, code"
    )
    return [DocumentType(**dict(row)) for row in rows]


async def documents(
    connection: Connection, family_id: UUID, document_id: UUID | None = None
) -> Sequence[ListedDocument]:
    """The family's documents, newest first; or the one named."""
    rows = await connection.fetch(SELECT_DOCUMENTS, family_id, document_id, LONGEST_LIST)
    return [ListedDocument(**dict(row)) for row in rows]
