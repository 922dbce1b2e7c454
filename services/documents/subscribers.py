"""What documents listens to."""

from contracts.events.accounts import FamilyFileUpdated
from services.chassis.intake import on
from services.documents import commands

SUBSCRIPTIONS = (on(FamilyFileUpdated, commands.keep_family),)
