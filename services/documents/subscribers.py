"""What documents listens to."""

from contracts.events.accounts import FamiliesMerged, FamilyFileUpdated
from services.chassis.intake import on
from services.documents import commands
from services.documents.merging import families_merged

SUBSCRIPTIONS = (
    on(FamilyFileUpdated, commands.keep_family),
    on(FamiliesMerged, families_merged),
)
