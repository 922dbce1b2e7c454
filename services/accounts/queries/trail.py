"""The audit trail, searched."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from services.accounts.model.trail import Wanted
from services.accounts.repository import families
from services.chassis.database import Connection
from services.chassis.errors import NotFound

COLUMNS = """
SELECT t.act_id, t.at, t.service, t.action, coalesce(n.label, t.action) AS label, t.account_id,
       coalesce(a.name, g.first_name || ' ' || g.last_name) AS name, t.roles, t.family_id,
       coalesce(f.label, own.label) AS family_label,
       coalesce(f.reference, own.reference) AS reference, t.child_id, t.object_id,
       t.own_family_id, t.outcome, t.refusal, t.correlation_id
"""

NAMES = """
LEFT JOIN audit_action n USING (service, action)
LEFT JOIN account a ON a.account_id = t.account_id
LEFT JOIN guardian g ON g.guardian_id = a.guardian_id
LEFT JOIN family f ON f.family_id = t.family_id
LEFT JOIN family own ON own.family_id = t.own_family_id
"""

NEWEST_FIRST = "ORDER BY t.at DESC, t.act_id "

# A parent's lines are found under both families: theirs, and the one that they named.
MATCHING = (
    "FROM audit_act t"
    + NAMES
    + """WHERE ($1::uuid IS NULL OR t.account_id = $1)
  AND ($2::uuid IS NULL OR t.family_id = $2 OR t.own_family_id = $2)
  AND ($3::text IS NULL OR f.reference = $3 OR own.reference = $3)
  AND ($4::text IS NULL OR t.service || '.' || t.action = $4)
  AND ($5::text IS NULL OR t.outcome = $5)
  AND ($6::timestamptz IS NULL OR t.at >= $6)
  AND ($7::timestamptz IS NULL OR t.at < $7)
"""
)

LINES = COLUMNS + MATCHING + NEWEST_FIRST

# By the index, however long the trail is: each family's page asks this. Mere openings are left to
# the whole trail.
NEWEST_OF_FAMILY = """
FROM (SELECT * FROM audit_act a
      WHERE family_id = $1
        AND NOT EXISTS (SELECT FROM audit_action r
                        WHERE r.service = a.service AND r.action = a.action AND r.reads)
      ORDER BY at DESC LIMIT $2) t
"""

FAMILY_LINES = COLUMNS + NEWEST_OF_FAMILY + NAMES + NEWEST_FIRST


def _parameters(wanted: Wanted) -> tuple[Any, ...]:
    return (
        wanted.account_id,
        wanted.family_id,
        wanted.reference,
        wanted.action,
        wanted.outcome,
        wanted.since,
        wanted.before,
    )


async def acts(
    connection: Connection, wanted: Wanted, *, page: int, size: int
) -> tuple[list[dict[str, Any]], int]:
    """One page of the lines wanted, newest first, and how many there are in all."""
    given = _parameters(wanted)
    rows = await connection.fetch(LINES + "LIMIT $8 OFFSET $9", *given, size, (page - 1) * size)
    total = await connection.fetchval("SELECT count(*) " + MATCHING, *given)
    return [dict(row) for row in rows], total


async def every_act(connection: Connection, wanted: Wanted) -> AsyncIterator[dict[str, Any]]:
    """All the lines wanted, read as they are consumed, in the caller's transaction."""
    async for row in connection.cursor(LINES, *_parameters(wanted), prefetch=500):
        yield dict(row)


async def acts_on_family(
    connection: Connection, family_id: UUID, size: int
) -> list[dict[str, Any]]:
    """The last acts on a family's data. Raises NotFound for a family that does not exist."""
    if not await families.exists(connection, family_id):
        raise NotFound
    return [dict(row) for row in await connection.fetch(FAMILY_LINES, family_id, size)]


async def choices(connection: Connection) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Who and what can be searched for: the staff, and the actions that the trail knows."""
    agents = await connection.fetch(
        "SELECT account_id, name FROM account WHERE guardian_id IS NULL ORDER BY name"
    )
    actions = await connection.fetch(
        "SELECT service || '.' || action AS action, label FROM audit_action ORDER BY label, 1"
    )
    return [dict(row) for row in agents], [dict(row) for row in actions]
