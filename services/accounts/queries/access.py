"""What one can ask about one's own access."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.database import Connection

SESSIONS = """
SELECT session_id, device, created_at, coalesce(last_seen_at, created_at) AS last_seen_at,
       expires_at
FROM login_session WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2
ORDER BY last_seen_at DESC, session_id
"""

ACCESS = """
SELECT a.login, g.mail, a.totp_sealed IS NOT NULL AS second_factor,
       a.guardian_id IS NULL AS compulsory,
       (SELECT count(*) FROM recovery_code r WHERE r.account_id = a.account_id) AS recovery_codes,
       m.new_mail AS pending_mail,
       array_remove(ARRAY[
           CASE WHEN m.new_mail IS NOT NULL AND m.new_confirmed_at IS NULL THEN 'new' END,
           CASE WHEN m.old_confirms AND m.old_confirmed_at IS NULL THEN 'old' END
       ], NULL) AS pending_ends,
       EXISTS (SELECT FROM external_identity e WHERE e.account_id = a.account_id)
           AS france_connect
FROM account a LEFT JOIN guardian g USING (guardian_id)
LEFT JOIN LATERAL (
    SELECT * FROM mail_change c WHERE c.account_id = a.account_id
      AND c.confirmed_at IS NULL AND c.expires_at > $2
    ORDER BY c.requested_at DESC LIMIT 1) m ON true
WHERE a.account_id = $1
"""


async def sessions(connection: Connection, account_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """The account's open sessions, the last seen first."""
    return [dict(row) for row in await connection.fetch(SESSIONS, account_id, now)]


async def access(connection: Connection, account_id: UUID, now: datetime) -> dict[str, Any] | None:
    """By which means the account signs in."""
    row = await connection.fetchrow(ACCESS, account_id, now)
    return dict(row) if row else None
