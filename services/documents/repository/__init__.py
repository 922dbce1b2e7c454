"""The write SQL of documents: keys, documents, openings, the copy of families."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model import Document, DocumentType, WrappedKey

COLUMNS = """document_id, family_id, child_id, document_type, filename, content_type, size,
             fingerprint, deposited_by, deposited_at, version, state, replaces, valid_from,
             valid_until, reason, absence_id"""
TYPE_COLUMNS = """code, label, per_child, asked_of, compulsory, validity, validity_months, help,
                  accepts, discreet, retired"""

INSERT_DOCUMENT = f"""
INSERT INTO document ({COLUMNS}, state_since)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $10)
ON CONFLICT DO NOTHING RETURNING document_id
"""  # noqa: S608 - a constant

SELECT_SAME = f"""
SELECT {COLUMNS}, sealed_for FROM document
WHERE family_id = $1 AND document_type = $2 AND child_id IS NOT DISTINCT FROM $3
  AND fingerprint = $4 AND absence_id IS NOT DISTINCT FROM $5
  AND state IN ('quarantined', 'submitted', 'accepted', 'expiring')
"""  # noqa: S608 - a constant

SELECT_DOCUMENT = f"""
SELECT {COLUMNS}, sealed_for FROM document
WHERE document_id = $1 AND ($2::uuid IS NULL OR family_id = $2)
"""  # noqa: S608 - a constant


async def document_type(connection: Connection, code: str) -> DocumentType | None:
    """The document type of this code."""
    row = await connection.fetchrow(
        f"SELECT {TYPE_COLUMNS} FROM document_type WHERE code = $1",  # noqa: S608 - a constant
        code,
    )
    return type_of_row(row) if row else None


async def children_of(connection: Connection, family_id: UUID) -> frozenset[UUID] | None:
    """The family's children as far as we were told; None for a family we do not know."""
    if not await connection.fetchval("SELECT true FROM family WHERE family_id = $1", family_id):
        return None
    rows = await connection.fetch(
        "SELECT child_id FROM family_child WHERE family_id = $1", family_id
    )
    return frozenset(row["child_id"] for row in rows)


async def keep_family(
    connection: Connection, family_id: UUID, record_version: int, children: Sequence[UUID]
) -> None:
    """Replace the copy of a family unless ours is as new already."""
    newer = await connection.fetchval(
        """INSERT INTO family (family_id, record_version) VALUES ($1, $2)
           ON CONFLICT (family_id) DO UPDATE SET record_version = excluded.record_version
           WHERE family.record_version < excluded.record_version RETURNING true""",
        family_id,
        record_version,
    )
    if not newer:
        return
    await connection.execute("DELETE FROM family_child WHERE family_id = $1", family_id)
    await connection.execute(
        "INSERT INTO family_child (family_id, child_id) SELECT $1, unnest($2::uuid[])",
        family_id,
        sorted(set(children)),
    )


async def family_key(connection: Connection, family_id: UUID) -> WrappedKey | None:
    """The family's wrapped data key, when it has one."""
    row = await connection.fetchrow(
        "SELECT master_id, wrapped FROM family_key WHERE family_id = $1", family_id
    )
    return WrappedKey(row["master_id"], row["wrapped"]) if row else None


async def keep_family_key(connection: Connection, family_id: UUID, key: WrappedKey) -> WrappedKey:
    """Keep a family's first key; of two made at once the first to commit is the family's."""
    await connection.execute(
        """INSERT INTO family_key (family_id, master_id, wrapped) VALUES ($1, $2, $3)
           ON CONFLICT (family_id) DO NOTHING""",
        family_id,
        key.master_id,
        key.wrapped,
    )
    return await family_key(connection, family_id) or key


async def add(connection: Connection, document: Document) -> Document | None:
    """Keep the document; None when it is kept now, otherwise the same one deposited before."""
    added = await connection.fetchval(
        INSERT_DOCUMENT,
        document.document_id,
        document.family_id,
        document.child_id,
        document.document_type,
        document.filename,
        document.content_type,
        document.size,
        document.fingerprint,
        document.deposited_by,
        document.deposited_at,
        document.version,
        document.state,
        document.replaces,
        document.valid_from,
        document.valid_until,
        document.reason,
        document.absence_id,
    )
    if added:
        return None
    row = await connection.fetchrow(
        SELECT_SAME,
        document.family_id,
        document.document_type,
        document.child_id,
        document.fingerprint,
        document.absence_id,
    )
    return _document(row) if row else None


async def find(
    connection: Connection, document_id: UUID, family_scope: UUID | None
) -> Document | None:
    """The document, if it is one of the family's; None as scope reaches every family."""
    row = await connection.fetchrow(SELECT_DOCUMENT, document_id, family_scope)
    return _document(row) if row else None


async def record_opening(
    connection: Connection,
    document: Document,
    account_id: UUID | None,
    roles: Sequence[str],
    opened_at: datetime,
) -> None:
    """Keep who opened the document, and when."""
    await connection.execute(
        """INSERT INTO opening (document_id, family_id, account_id, roles, opened_at)
           VALUES ($1, $2, $3, $4, $5)""",
        document.document_id,
        document.family_id,
        account_id,
        list(roles),
        opened_at,
    )


async def known(connection: Connection, document_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the ids that are documents."""
    rows = await connection.fetch(
        "SELECT document_id FROM document WHERE document_id = ANY($1::uuid[])", list(document_ids)
    )
    return frozenset(row["document_id"] for row in rows)


def type_of_row(row: Any) -> DocumentType:
    """The document type in a row."""
    values = dict(row)
    return DocumentType(**{**values, "accepts": tuple(values["accepts"])})


def _document(row: Any) -> Document:
    return Document(**dict(row))
