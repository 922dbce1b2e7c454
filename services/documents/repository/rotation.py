"""The write SQL of a change of the master key: which keys another one wrapped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model import WrappedKey


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A wrapped key, held until the transaction ends."""

    row_id: UUID
    family_id: UUID
    key: WrappedKey


@dataclass(frozen=True, slots=True)
class Count:
    """How many keys which master key has wrapped."""

    current: int
    previous: int
    unknown: int


COUNT = """
SELECT count(*) FILTER (WHERE master_id = $1) AS current,
       count(*) FILTER (WHERE master_id = $2 AND master_id <> $1) AS previous,
       count(*) FILTER (WHERE master_id NOT IN ($1, $2)) AS unknown
FROM (SELECT master_id FROM family_key UNION ALL SELECT master_id FROM vault_opener) held
"""


async def count(connection: Connection, current: str, previous: str) -> Count:
    """How far the change is, over all families and vaults."""
    row = await connection.fetchrow(COUNT, current, previous)
    return Count(**dict(row)) if row else Count(0, 0, 0)


async def family_keys(connection: Connection, master_id: str, limit: int) -> Sequence[HeldKey]:
    """Some families' keys that this master key wrapped; those at work elsewhere are passed over."""
    rows = await connection.fetch(
        """SELECT family_id AS row_id, family_id, master_id, wrapped FROM family_key
           WHERE master_id = $1 ORDER BY family_id LIMIT $2 FOR UPDATE SKIP LOCKED""",
        master_id,
        limit,
    )
    return [_held(row) for row in rows]


async def vault_openers(connection: Connection, master_id: str, limit: int) -> Sequence[HeldKey]:
    """The same for what opens vaults."""
    rows = await connection.fetch(
        """SELECT opener_id AS row_id, family_id, master_id, wrapped FROM vault_opener
           WHERE master_id = $1 ORDER BY opener_id LIMIT $2 FOR UPDATE SKIP LOCKED""",
        master_id,
        limit,
    )
    return [_held(row) for row in rows]


async def keep_family_keys(connection: Connection, keys: Sequence[HeldKey]) -> None:
    """Keep families' keys under another master key."""
    await connection.execute(
        """UPDATE family_key k SET master_id = t.master_id, wrapped = t.wrapped
           FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS t (row_id, master_id, wrapped)
           WHERE k.family_id = t.row_id""",
        *_columns(keys),
    )


async def keep_vault_openers(connection: Connection, keys: Sequence[HeldKey]) -> None:
    """Keep what opens vaults under another master key."""
    await connection.execute(
        """UPDATE vault_opener o SET master_id = t.master_id, wrapped = t.wrapped
           FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS t (row_id, master_id, wrapped)
           WHERE o.opener_id = t.row_id""",
        *_columns(keys),
    )


def _columns(keys: Sequence[HeldKey]) -> tuple[list[UUID], list[str], list[bytes]]:
    return (
        [held.row_id for held in keys],
        [held.key.master_id for held in keys],
        [held.key.wrapped for held in keys],
    )


def _held(row: Any) -> HeldKey:
    key = WrappedKey(row["master_id"], row["wrapped"])
    return HeldKey(row["row_id"], row["family_id"], key)
