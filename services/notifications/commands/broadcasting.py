"""The staff writes to the families of an activity: each of them once, some hundreds at a time."""

from datetime import datetime
from uuid import UUID, uuid4

import structlog

from services.chassis import renamed
from services.chassis.database import Connection, Database
from services.notifications import repository
from services.notifications.commands.composing import compose
from services.notifications.errors import NobodyToWriteTo, UnknownActivity
from services.notifications.model import Audience, Broadcast, Reach, reach

log = structlog.get_logger()

# As many as mails leave at once: a message to everybody does not hold up the others' for long.
AT_ONCE = 200


async def reach_of(connection: Connection, audience: Audience) -> Reach:
    """Whom a message would come to. Raises UnknownActivity."""
    if not await repository.activities(connection, [audience.activity_id]):
        raise UnknownActivity
    concerned = await repository.concerned(connection, audience)
    families = await repository.families(connection, {family_id for family_id, _ in concerned})
    return reach(concerned, families, audience)


async def send_broadcast(
    connection: Connection,
    audience: Audience,
    subject: str,
    body: str,
    sent_by: UUID | None,
    now: datetime,
) -> tuple[Broadcast, Reach]:
    """Keep the message and its recipients; the job makes theirs. Raises NobodyToWriteTo."""
    found = await reach_of(connection, audience)
    if not found.families:
        raise NobodyToWriteTo
    broadcast = Broadcast(
        broadcast_id=uuid4(),
        activity_id=audience.activity_id,
        day=audience.day,
        school_class=audience.school_class,
        subject=subject,
        body=body,
        families=len(found.families),
        sent_by=sent_by,
        created_at=now,
    )
    await repository.add_broadcast(connection, broadcast, found.families)
    log.info(
        "broadcast_sent", broadcast_id=str(broadcast.broadcast_id), families=broadcast.families
    )
    return broadcast, found


async def make_broadcast_messages(database: Database) -> None:
    """Make the next messages of what was written to many; the others at the next look."""
    async with database.transaction() as connection:
        for broadcast, family_id in await repository.take_recipients(connection, AT_ONCE):
            # Families that were made one since have one message.
            present = await renamed.present_one(connection, family_id)
            await compose(connection, broadcast.to(present))
