"""Two families made one: their papers under the one that stays."""

from collections.abc import Mapping
from uuid import UUID

from services.chassis import renamed
from services.chassis.database import Connection
from services.documents.repository import mergers


async def merge_families(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """What the one family handed in and what is certified of it is the other's from now on.

    `children`: the ids of children who are known twice, to those they keep.
    """
    newest = await renamed.rename(connection, {gone: family_id, **children})
    family_id = newest.pop(gone, family_id)
    await mergers.move_family(connection, family_id, gone, newest)
