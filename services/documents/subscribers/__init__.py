"""What documents listens to."""

from contracts.events.accounts import FamiliesMerged, FamilyFileUpdated
from services.chassis.database import Connection
from services.chassis.intake import on
from services.documents import commands
from services.documents.commands import certificate as certificate_commands
from services.documents.commands.merge_families import merge_families
from services.documents.subscribers import certificate as certificate_subscribers


async def family_file_updated(connection: Connection, event: FamilyFileUpdated) -> None:
    """Keep whose children are whose, and how papers name and address them."""
    await commands.keep_family(connection, event)
    await certificate_commands.keep_household(connection, event)


async def families_merged(connection: Connection, event: FamiliesMerged) -> None:
    """What was the one family's is the other's from now on."""
    children = {c.merged_child_id: c.child_id for c in event.children}
    await merge_families(connection, event.family_id, event.merged_family_id, children)


SUBSCRIPTIONS = (
    on(FamilyFileUpdated, family_file_updated),
    on(FamiliesMerged, families_merged),
    *certificate_subscribers.SUBSCRIPTIONS,
)
