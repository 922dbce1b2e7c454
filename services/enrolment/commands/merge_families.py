"""Two families made one: their children and enrolments under the one that stays."""

from collections.abc import Mapping
from uuid import UUID

from services.chassis import renamed
from services.chassis.database import Connection
from services.enrolment.repository import mergers


async def merge_families(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """What the one family asked for and has is the other's; one child has one place of each kind.

    `children`: the ids of children who are known twice, to those they keep.
    """
    newest = await renamed.rename(connection, {gone: family_id, **children})
    family_id = newest.pop(gone, family_id)
    await mergers.move_family(connection, family_id, gone, newest)
