"""Requests for erasure, and until when each family is known to be there."""

from datetime import date
from typing import Any
from uuid import UUID

from services.accounts.model.leaving import ErasureRequest
from services.chassis.database import Connection


async def add(connection: Connection, request: ErasureRequest) -> bool:
    """Remember the request; False when the family has one open already."""
    added = await connection.fetchval(
        """INSERT INTO erasure_request (request_id, family_id, asked_at, asked_by, status,
                                        decided_at, decided_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING true""",
        request.request_id,
        request.family_id,
        request.asked_at,
        request.asked_by,
        request.status,
        request.decided_at,
        request.decided_by,
    )
    return bool(added)


async def lock_open(connection: Connection, family_id: UUID) -> ErasureRequest | None:
    """The family's open request, locked."""
    row = await connection.fetchrow(
        "SELECT * FROM erasure_request WHERE family_id = $1 AND status = 'asked' FOR UPDATE",
        family_id,
    )
    return _request(row) if row else None


async def latest(connection: Connection, family_id: UUID) -> ErasureRequest | None:
    """The family's last request, whatever became of it."""
    row = await connection.fetchrow(
        "SELECT * FROM erasure_request WHERE family_id = $1 ORDER BY asked_at DESC LIMIT 1",
        family_id,
    )
    return _request(row) if row else None


async def save(connection: Connection, request: ErasureRequest) -> None:
    """Write what became of the request."""
    await connection.execute(
        """UPDATE erasure_request SET status = $2, decided_at = $3, decided_by = $4, reason = $5
           WHERE request_id = $1""",
        request.request_id,
        request.status,
        request.decided_at,
        request.decided_by,
        request.reason,
    )


async def keep_presence(connection: Connection, family_id: UUID, until: date) -> None:
    """The family uses a service until this day at least."""
    await connection.execute(
        """INSERT INTO family_presence (family_id, until)
           SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM erased_family WHERE family_id = $1)
           ON CONFLICT (family_id) DO UPDATE
               SET until = greatest(family_presence.until, excluded.until)""",
        family_id,
        until,
    )


def _request(row: Any) -> ErasureRequest:
    return ErasureRequest(**dict(row))
