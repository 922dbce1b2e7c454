"""Sessions: opened, asked after, ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.accounts.model.tokens import Session
from services.chassis.database import Connection

# The gateway asks every few seconds; nobody needs to know the second.
SEEN_AGAIN = timedelta(minutes=1)

SEEN = """
WITH noted AS (UPDATE login_session SET last_seen_at = $2
               WHERE session_id = $1 AND revoked_at IS NULL AND expires_at > $2
                     AND coalesce(last_seen_at, created_at) <= $3)
SELECT EXISTS (SELECT FROM login_session WHERE session_id = $1
               AND revoked_at IS NULL AND expires_at > $2)
"""


async def add(connection: Connection, session: Session) -> None:
    """Remember an opened session."""
    await connection.execute(
        """INSERT INTO login_session (session_id, account_id, created_at, expires_at, device,
                                      last_seen_at)
           VALUES ($1, $2, $3, $4, $5, $3)""",
        session.session_id,
        session.account_id,
        session.created_at,
        session.expires_at,
        session.device,
    )


async def seen(connection: Connection, session_id: UUID, now: datetime) -> bool:
    """Whether the session is neither over nor revoked; if so, it was seen now."""
    return bool(await connection.fetchval(SEEN, session_id, now, now - SEEN_AGAIN))


async def revoke(connection: Connection, session_id: UUID, account_id: UUID, now: datetime) -> bool:
    """End one session of this account; False when it has no such session."""
    found = await connection.fetchval(
        """UPDATE login_session SET revoked_at = coalesce(revoked_at, $3)
           WHERE session_id = $1 AND account_id = $2 RETURNING true""",
        session_id,
        account_id,
        now,
    )
    return bool(found)


async def revoke_all(connection: Connection, account_ids: Sequence[UUID], now: datetime) -> None:
    """End every session of these accounts."""
    await connection.execute(
        """UPDATE login_session SET revoked_at = $2
           WHERE account_id = ANY($1) AND revoked_at IS NULL""",
        account_ids,
        now,
    )


async def forget(connection: Connection, before: datetime) -> None:
    """Drop the sessions that were over before this instant."""
    await connection.execute("DELETE FROM login_session WHERE expires_at < $1", before)
