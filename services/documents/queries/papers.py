"""What can be read of documents to review, of one document's life, and of the quarantine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.documents.errors import DocumentNotFound
from services.documents.model import DocumentType, State
from services.documents.model.papers import end_of_validity

Row = dict[str, Any]

# The names are those of the family's file; a family whose file has not come has none.
DOCUMENT = """
SELECT d.document_id, d.document_type, t.label, d.filename, d.content_type, d.size, d.family_id,
       d.child_id, d.deposited_at, d.version, d.state, d.replaces, d.valid_from, d.valid_until,
       d.reason, d.reviewed_at, d.reviewed_by, t.validity, t.validity_months, t.help,
       coalesce(n.reference, '') AS family_reference, coalesce(n.label, '') AS family_label,
       coalesce(n.children ->> d.child_id::text, '') AS child_name
FROM document d
JOIN document_type t ON t.code = d.document_type
LEFT JOIN family_name n USING (family_id)
"""
QUEUE = (
    DOCUMENT
    + """
WHERE d.state = 'submitted' AND ($1::text IS NULL OR d.document_type = $1)
ORDER BY d.deposited_at, d.document_id LIMIT $2 OFFSET $3
"""
)
ONE = DOCUMENT + "WHERE d.document_id = $1 AND ($2::uuid IS NULL OR d.family_id = $2)"
VERSIONS = (
    DOCUMENT  # noqa: S608 - constants
    + """
WHERE d.family_id = $1 AND d.document_type = $2 AND d.child_id IS NOT DISTINCT FROM $3
  AND d.absence_id IS NOT DISTINCT FROM
      (SELECT o.absence_id FROM document o WHERE o.document_id = $4)
ORDER BY d.deposited_at DESC, d.document_id LIMIT 50
"""
)
COUNTS = """
SELECT count(*) FILTER (WHERE state = 'submitted' AND ($1::text IS NULL OR document_type = $1))
           AS to_review,
       count(*) FILTER (WHERE state = 'quarantined') AS quarantined,
       min(deposited_at) FILTER (WHERE state = 'quarantined') AS quarantined_since
FROM document WHERE state IN ('submitted', 'quarantined')
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a document's life as it is shown."""

    at: datetime
    state: State
    note: str | None
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The documents to review, oldest first, and what waits beside them."""

    rows: Sequence[Row]
    to_review: int
    quarantined: int
    quarantined_since: datetime | None


async def queue(
    connection: Connection, document_type: str | None, *, page: int, size: int
) -> Queue:
    """One page of what waits for the office."""
    rows = await connection.fetch(QUEUE, document_type, size, (page - 1) * size)
    counts = await connection.fetchrow(COUNTS, document_type)
    return Queue([dict(row) for row in rows], **dict(counts or {}))


async def document(connection: Connection, document_id: UUID, family_scope: UUID | None) -> Row:
    """One document with its names. Raises DocumentNotFound, for another family's as well."""
    row = await connection.fetchrow(ONE, document_id, family_scope)
    if row is None:
        raise DocumentNotFound
    return dict(row)


async def steps(connection: Connection, document_id: UUID) -> Sequence[Step]:
    """A document's life, oldest step first."""
    rows = await connection.fetch(
        "SELECT at, state, note, by FROM document_step WHERE document_id = $1 ORDER BY version",
        document_id,
    )
    return [Step(**dict(row)) for row in rows]


async def versions(connection: Connection, document: Row) -> Sequence[Row]:
    """Every document handed in for the same purpose, newest first, this one among them."""
    rows = await connection.fetch(
        VERSIONS,
        document["family_id"],
        document["document_type"],
        document["child_id"],
        document["document_id"],
    )
    return [dict(row) for row in rows]


def proposed(row: Row, today: date) -> date | None:
    """Until when the document would hold if it were accepted today."""
    kind = DocumentType(
        code=row["document_type"],
        label=row["label"],
        per_child=row["child_id"] is not None,
        validity=row["validity"],
        validity_months=row["validity_months"],
    )
    return end_of_validity(kind, today)
