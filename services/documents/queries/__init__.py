"""What can be read about documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model import DocumentType, State
from services.documents.repository import TYPE_COLUMNS, type_of_row

LONGEST_LIST = 500

SELECT_DOCUMENTS = """
SELECT d.document_id, d.document_type, t.label, d.filename, d.content_type, d.size, d.child_id,
       d.deposited_at, d.version, d.state, d.replaces, d.valid_from, d.valid_until, d.reason,
       d.absence_id
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
    version: int
    state: State
    replaces: UUID | None
    valid_from: date | None
    valid_until: date | None
    reason: str | None
    absence_id: UUID | None


async def document_types(
    connection: Connection, *, with_retired: bool = False
) -> Sequence[DocumentType]:
    """The types that the town asks for, in its order; those given up as well when wished."""
    rows = await connection.fetch(
        f"""SELECT {TYPE_COLUMNS} FROM document_type WHERE $1 OR NOT retired
            ORDER BY position, code""",  # noqa: S608 - a constant
        with_retired,
    )
    return [type_of_row(row) for row in rows]


async def documents(
    connection: Connection, family_id: UUID, document_id: UUID | None = None
) -> Sequence[ListedDocument]:
    """The family's documents, newest first; or the one named."""
    rows = await connection.fetch(SELECT_DOCUMENTS, family_id, document_id, LONGEST_LIST)
    return [ListedDocument(**dict(row)) for row in rows]
