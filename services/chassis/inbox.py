"""Which events were taken in already: at-least-once delivery, effect once."""

from collections.abc import Collection
from uuid import UUID

from services.chassis.database import Connection


async def first_time(connection: Connection, event_ids: Collection[UUID]) -> set[UUID]:
    """Mark these events as taken in, in the caller's transaction; return those that were not.

    A second copy of the service that holds the same event waits here for the first to commit.
    Ids are written in one order everywhere, so that two copies cannot wait for each other.
    """
    rows = await connection.fetch(
        """INSERT INTO inbox (event_id) SELECT unnest($1::uuid[])
           ON CONFLICT DO NOTHING RETURNING event_id""",
        sorted(set(event_ids)),
    )
    return {row["event_id"] for row in rows}
