"""Who joins and who leaves a record, in SQL."""

from typing import Any, Final
from uuid import UUID

from services.accounts.model.amending import Change
from services.accounts.repository.changes import change_of
from services.chassis.database import Connection

COMINGS_AND_GOINGS: Final = """
SELECT * FROM record_change
WHERE family_id = $1 AND field = ANY('{guardian.added,guardian.removed,child.added,child.removed}')
ORDER BY asked_at DESC, change_id
"""

# The other home of a child of two is its only one from now on.
MOVE_HOME: Final = """
WITH kept AS (DELETE FROM second_home WHERE child_id = $1 RETURNING family_id, position)
UPDATE child SET family_id = kept.family_id, position = kept.position
FROM kept WHERE child_id = $1
"""


async def comings_and_goings(connection: Connection, family_id: UUID) -> list[Change]:
    """Who was added, asked for or taken out, the newest first."""
    rows: list[Any] = await connection.fetch(COMINGS_AND_GOINGS, family_id)
    return [change_of(row) for row in rows]


async def remove_guardian(connection: Connection, guardian_id: UUID) -> None:
    """Take the guardian out; the account, its sessions and its links end with it."""
    await connection.execute("DELETE FROM account WHERE guardian_id = $1", guardian_id)
    await connection.execute("DELETE FROM guardian WHERE guardian_id = $1", guardian_id)


async def remove_child(connection: Connection, child_id: UUID) -> None:
    """Take out a child that is in one file alone."""
    await connection.execute("DELETE FROM child WHERE child_id = $1", child_id)


async def leave_home(connection: Connection, child_id: UUID, family_id: UUID) -> None:
    """Take a child of two homes out of this one's file."""
    left = await connection.fetchval(
        "DELETE FROM second_home WHERE child_id = $1 AND family_id = $2 RETURNING true",
        child_id,
        family_id,
    )
    if not left:
        await connection.execute(MOVE_HOME, child_id)


async def is_in_a_file(connection: Connection, person_id: UUID) -> bool:
    """Whether some family's record lists this person."""
    sql = """SELECT EXISTS (SELECT FROM guardian WHERE guardian_id = $1)
                 OR EXISTS (SELECT FROM child WHERE child_id = $1)"""
    return bool(await connection.fetchval(sql, person_id))


async def give_up_wishes(connection: Connection, person_id: UUID) -> None:
    """What was asked about somebody who leaves waits no more."""
    await connection.execute(
        """UPDATE record_change SET status = 'replaced'
           WHERE person_id = $1 AND status = 'pending'""",
        person_id,
    )
