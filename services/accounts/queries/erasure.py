"""Who asked to be forgotten, and who seems to have left."""

from datetime import date
from typing import Any
from uuid import UUID

from services.accounts.model.leaving import ErasureRequest
from services.accounts.repository import erasures
from services.chassis.database import Connection

ASKED = """
SELECT f.family_id, f.reference, f.label, r.asked_at, p.until
FROM erasure_request r JOIN family f USING (family_id)
LEFT JOIN family_presence p USING (family_id)
WHERE r.status = 'asked' ORDER BY r.asked_at LIMIT 500
"""

# Nobody enrolled, nobody signed in, and the file itself is no younger than that.
DEPARTED = """
SELECT f.family_id, f.reference, f.label, p.until
FROM family f LEFT JOIN family_presence p USING (family_id)
WHERE coalesce(p.until, f.created_at::date) < $1
  AND NOT EXISTS (SELECT FROM account a WHERE a.family_id = f.family_id
                  AND a.last_login_at >= $1::date)
  AND NOT EXISTS (SELECT FROM erasure_request r
                  WHERE r.family_id = f.family_id AND r.status = 'asked')
ORDER BY p.until NULLS FIRST, f.label, f.family_id LIMIT 500
"""


async def asked(connection: Connection) -> list[dict[str, Any]]:
    """The families whose request waits for the staff, oldest first."""
    return [dict(row) for row in await connection.fetch(ASKED)]


async def departed(connection: Connection, before: date) -> list[dict[str, Any]]:
    """The families of whom nothing was seen since before this day, longest away first."""
    return [dict(row) for row in await connection.fetch(DEPARTED, before)]


async def latest_request(connection: Connection, family_id: UUID) -> ErasureRequest | None:
    """The family's last request, whatever became of it."""
    return await erasures.latest(connection, family_id)
