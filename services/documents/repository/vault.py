"""The write SQL of vaults: the vault, its openers, its documents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model import WrappedKey
from services.documents.model.vault import Opener, OpenerKind, VaultDocument

KEEP_OPENER = """
INSERT INTO vault_opener (opener_id, family_id, kind, account_id, salt, master_id, wrapped,
                          created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


async def create(connection: Connection, family_id: UUID, now: datetime) -> bool:
    """Make the family's vault; False when there is one."""
    made = await connection.fetchval(
        """INSERT INTO vault (family_id, created_at) VALUES ($1, $2)
           ON CONFLICT DO NOTHING RETURNING true""",
        family_id,
        now,
    )
    return bool(made)


async def lock(connection: Connection, family_id: UUID) -> bool:
    """Hold the family's vault until the transaction ends; False when there is none."""
    found = await connection.fetchval(
        "SELECT true FROM vault WHERE family_id = $1 FOR UPDATE", family_id
    )
    return bool(found)


async def opener(
    connection: Connection, family_id: UUID, kind: OpenerKind, account_id: UUID | None = None
) -> Opener | None:
    """A way to open the vault, held until the transaction ends; a passphrase is of one parent."""
    row = await connection.fetchrow(
        """SELECT * FROM vault_opener
           WHERE family_id = $1 AND kind = $2 AND ($3::uuid IS NULL OR account_id = $3)
           FOR UPDATE""",
        family_id,
        kind,
        account_id,
    )
    return _opener(row) if row else None


async def replace_opener(connection: Connection, opener: Opener) -> None:
    """Keep the opener in the place of the one before it: a parent has one, the others are single.

    What was opened by the one before is shut by that: tokens name the opener.
    """
    await connection.execute(
        """DELETE FROM vault_opener
           WHERE family_id = $1 AND kind = $2 AND ($2 <> 'passphrase' OR account_id = $3)""",
        opener.family_id,
        opener.kind,
        opener.account_id,
    )
    await connection.execute(
        KEEP_OPENER,
        opener.opener_id,
        opener.family_id,
        opener.kind,
        opener.account_id,
        opener.salt,
        opener.key.master_id,
        opener.key.wrapped,
        opener.created_at,
        opener.expires_at,
    )


async def drop_opener(connection: Connection, opener_id: UUID) -> None:
    """The opener is used up."""
    await connection.execute("DELETE FROM vault_opener WHERE opener_id = $1", opener_id)


async def count_try(
    connection: Connection, opener_id: UUID, failures: int, blocked_until: datetime | None
) -> None:
    """Keep how many tries there were since the last right one, and until when none is let in."""
    await connection.execute(
        "UPDATE vault_opener SET failures = $2, blocked_until = $3 WHERE opener_id = $1",
        opener_id,
        failures,
        blocked_until,
    )


async def add_document(connection: Connection, document: VaultDocument) -> None:
    """Keep a document whose content is in storage."""
    await connection.execute(
        """INSERT INTO vault_document (document_id, family_id, sealed_label, size, added_at)
           VALUES ($1, $2, $3, $4, $5)""",
        document.document_id,
        document.family_id,
        document.sealed_label,
        document.size,
        document.added_at,
    )


async def drop_document(connection: Connection, family_id: UUID, document_id: UUID) -> bool:
    """Forget a document of the family; False when there is none of this id."""
    gone = await connection.fetchval(
        "DELETE FROM vault_document WHERE document_id = $1 AND family_id = $2 RETURNING true",
        document_id,
        family_id,
    )
    return bool(gone)


async def erase(connection: Connection, family_id: UUID) -> Sequence[UUID]:
    """Forget the vault and all its keys; return the documents whose content is left to remove."""
    rows = await connection.fetch(
        "SELECT document_id FROM vault_document WHERE family_id = $1", family_id
    )
    await connection.execute("DELETE FROM vault WHERE family_id = $1", family_id)
    return [row["document_id"] for row in rows]


async def known(connection: Connection, document_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the ids that are documents of a vault."""
    rows = await connection.fetch(
        "SELECT document_id FROM vault_document WHERE document_id = ANY($1::uuid[])",
        list(document_ids),
    )
    return frozenset(row["document_id"] for row in rows)


def _opener(row: Any) -> Opener:
    values = dict(row)
    key = WrappedKey(values.pop("master_id"), values.pop("wrapped"))
    return Opener(**values | {"kind": OpenerKind(values["kind"]), "key": key})
