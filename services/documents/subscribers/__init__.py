"""What documents listens to."""

from contracts.events.accounts import FamiliesMerged, FamilyFileUpdated
from services.chassis.database import Connection
from services.chassis.intake import on
from services.documents import commands
from services.documents.commands import certificate as certificate_commands
from services.documents.merging import families_merged
from services.documents.subscribers import certificate as certificate_subscribers


async def family_file_updated(connection: Connection, event: FamilyFileUpdated) -> None:
    """Keep whose children are whose, and how papers name and address them."""
    await commands.keep_family(connection, event)
    await certificate_commands.keep_household(connection, event)


SUBSCRIPTIONS = (
    on(FamilyFileUpdated, family_file_updated),
    on(FamiliesMerged, families_merged),
    *certificate_subscribers.SUBSCRIPTIONS,
)
