"""Two families made one: their places and rolls under the one that stays."""

from collections.abc import Mapping
from uuid import UUID

from services.chassis import renamed
from services.chassis.database import Connection
from services.reservations.repository import agenda_links, mergers


async def merge_families(
    connection: Connection, family_id: UUID, gone: UUID, children: Mapping[UUID, UUID]
) -> None:
    """What was the one family's is the other's; a place that one child had twice is given back.

    Nothing is told: whoever keeps places by family hears of the merger as well.
    """
    newest = await renamed.rename(connection, {gone: family_id, **children})
    family_id = newest.pop(gone, family_id)
    await mergers.move_copies(connection, family_id, gone, newest)
    for gone_child, kept_child in newest.items():
        await mergers.join_places(connection, gone_child, kept_child)
        await mergers.join_marks(connection, gone_child, kept_child)
        await agenda_links.join_links(connection, gone_child, kept_child)
    await mergers.move_asks(connection, family_id, gone, newest)
    await mergers.move_places(connection, family_id, gone)
    await agenda_links.move_links(connection, family_id, gone)
