"""What can be read about vaults."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model.vault import VaultDocument

STATE = """
SELECT v.created_at,
       (SELECT count(*) FROM vault_opener o
        WHERE o.family_id = v.family_id AND o.kind = 'passphrase') AS parents,
       EXISTS (SELECT FROM vault_opener o WHERE o.family_id = v.family_id
               AND o.kind = 'passphrase' AND o.account_id = $2) AS is_mine,
       (SELECT o.created_at FROM vault_opener o
        WHERE o.family_id = v.family_id AND o.kind = 'recovery') AS recovery_made_at,
       (SELECT o.expires_at FROM vault_opener o WHERE o.family_id = v.family_id
        AND o.kind = 'invitation' AND o.expires_at > $3) AS invitation_until,
       (SELECT count(*) FROM vault_document d WHERE d.family_id = v.family_id) AS documents,
       (SELECT coalesce(sum(d.size), 0)::bigint FROM vault_document d
        WHERE d.family_id = v.family_id) AS used_bytes
FROM vault v WHERE v.family_id = $1
"""


@dataclass(frozen=True, slots=True)
class VaultState:
    """What shows of a vault while it is shut."""

    created_at: datetime
    parents: int
    is_mine: bool
    recovery_made_at: datetime | None
    invitation_until: datetime | None
    documents: int
    used_bytes: int


async def state(
    connection: Connection, family_id: UUID, account_id: UUID, now: datetime
) -> VaultState | None:
    """The family's vault as this parent finds it; None when there is none."""
    row = await connection.fetchrow(STATE, family_id, account_id, now)
    return VaultState(**dict(row)) if row else None


async def exists(connection: Connection, family_id: UUID) -> bool:
    """Whether the family has a vault."""
    found = await connection.fetchval("SELECT true FROM vault WHERE family_id = $1", family_id)
    return bool(found)


async def used_bytes(connection: Connection, family_id: UUID) -> int:
    """How much lies in the family's vault."""
    used: int = await connection.fetchval(
        "SELECT coalesce(sum(size), 0)::bigint FROM vault_document WHERE family_id = $1", family_id
    )
    return used


async def opens(connection: Connection, family_id: UUID, account_id: UUID, opener_id: UUID) -> bool:
    """Whether this is still the parent's way into the family's vault."""
    found = await connection.fetchval(
        """SELECT true FROM vault_opener
           WHERE opener_id = $3 AND family_id = $1 AND account_id = $2 AND kind = 'passphrase'""",
        family_id,
        account_id,
        opener_id,
    )
    return bool(found)


async def documents(
    connection: Connection, family_id: UUID, document_id: UUID | None = None
) -> Sequence[VaultDocument]:
    """The vault's documents, newest first; or the one named."""
    rows = await connection.fetch(
        """SELECT document_id, family_id, sealed_label, size, added_at FROM vault_document
           WHERE family_id = $1 AND ($2::uuid IS NULL OR document_id = $2)
           ORDER BY added_at DESC, document_id""",
        family_id,
        document_id,
    )
    return [VaultDocument(**dict(row)) for row in rows]
