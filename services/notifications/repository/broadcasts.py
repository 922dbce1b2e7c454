"""What the staff writes to many families: kept, and its messages made some hundreds at a time."""

from collections.abc import Sequence
from uuid import UUID

from services.chassis.database import Connection
from services.notifications.model import Audience, Broadcast

# The families of an activity, with the children they have in it: those enrolled today or later,
# or those expected on a day.
CHILDREN = """
SELECT DISTINCT family_id, child_id FROM (
    SELECT family_id, child_id FROM enrolled
    WHERE $2::date IS NULL AND activity_id = $1 AND ends_on >= $3
      AND (starts_on IS NULL OR starts_on <= ends_on)
    UNION ALL
    SELECT family_id, child_id FROM expected WHERE activity_id = $1 AND date = $2 AND held
) concerned
"""

BROADCAST = """broadcast_id, activity_id, day, school_class, subject, body, families, sent_by,
               created_at"""

INSERT_BROADCAST = """
INSERT INTO broadcast (broadcast_id, activity_id, day, school_class, subject, body, families,
                       sent_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

TAKE_RECIPIENTS = """
DELETE FROM broadcast_recipient WHERE (broadcast_id, family_id) IN (
    SELECT broadcast_id, family_id FROM broadcast_recipient
    ORDER BY broadcast_id, family_id LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING broadcast_id, family_id
"""


async def concerned(connection: Connection, audience: Audience) -> Sequence[tuple[UUID, UUID]]:
    """Family and child of everyone in the activity, whatever the class."""
    rows = await connection.fetch(CHILDREN, audience.activity_id, audience.day, audience.today)
    return [(row["family_id"], row["child_id"]) for row in rows]


async def add_broadcast(
    connection: Connection, broadcast: Broadcast, families: Sequence[UUID]
) -> None:
    """Keep what was written, and to whom its messages are still to be made."""
    await connection.execute(
        INSERT_BROADCAST,
        broadcast.broadcast_id,
        broadcast.activity_id,
        broadcast.day,
        broadcast.school_class,
        broadcast.subject,
        broadcast.body,
        broadcast.families,
        broadcast.sent_by,
        broadcast.created_at,
    )
    await connection.execute(
        """INSERT INTO broadcast_recipient (broadcast_id, family_id)
           SELECT $1, * FROM unnest($2::uuid[])""",
        broadcast.broadcast_id,
        list(families),
    )


async def take_recipients(connection: Connection, limit: int) -> Sequence[tuple[Broadcast, UUID]]:
    """Some families whose message is to be made now; each is taken once."""
    rows = await connection.fetch(TAKE_RECIPIENTS, limit)
    if not rows:
        return []
    kept = await connection.fetch(
        f"SELECT {BROADCAST} FROM broadcast WHERE broadcast_id = ANY ($1::uuid[])",  # noqa: S608 - a constant
        list({row["broadcast_id"] for row in rows}),
    )
    broadcasts = {row["broadcast_id"]: Broadcast(**dict(row)) for row in kept}
    return [(broadcasts[row["broadcast_id"]], row["family_id"]) for row in rows]
