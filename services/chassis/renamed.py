"""Ids that another one stands for now: late news of the old is news of the new."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.chassis.database import Connection

# Whoever writes under an id shares it, whoever renames has it alone: nothing is written under
# an old id once what was kept under it has moved.
RENAMING = 0x72656E61


async def rename(connection: Connection, ids: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """From now on the values stand for the keys; tells each with its newest name.

    A new id may have been renamed itself before this was heard of, and is followed.
    """
    await connection.execute("SELECT pg_advisory_xact_lock($1)", RENAMING)
    present = await _look_up(connection, ids.values())
    newest = {old: present[new] for old, new in ids.items() if old != present[new]}
    await connection.execute(
        """INSERT INTO renamed_id (old_id, new_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
           ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id""",
        list(newest),
        list(newest.values()),
    )
    await connection.execute(
        """UPDATE renamed_id r SET new_id = n.new_id
           FROM unnest($1::uuid[], $2::uuid[]) AS n (old_id, new_id)
           WHERE r.new_id = n.old_id""",
        list(newest),
        list(newest.values()),
    )
    return newest


async def present(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """What each id is called now, mostly as it was; it stays so until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", RENAMING)
    return await _look_up(connection, ids)


async def present_one(connection: Connection, old_id: UUID) -> UUID:
    """The same for one id."""
    return (await present(connection, [old_id]))[old_id]


async def _look_up(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    wanted = list(dict.fromkeys(ids))
    # The inner SELECT hides how many they are: the statement is planned once, not at each event.
    rows = await connection.fetch(
        """SELECT old_id, new_id FROM renamed_id
           WHERE old_id = ANY ((SELECT $1::uuid[])::uuid[])""",
        wanted,
    )
    known = {row["old_id"]: row["new_id"] for row in rows}
    return {old: known.get(old, old) for old in wanted}
