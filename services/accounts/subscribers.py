"""What accounts listens to: the acts that every service tells for the audit trail."""

from contracts.events.audit import AccessRefused, StaffActed
from services.accounts.commands.keep_trail import keep_act
from services.accounts.model.trail import AuditAct
from services.chassis.database import Connection
from services.chassis.intake import on


async def staff_acted(connection: Connection, event: StaffActed) -> None:
    """A member of the staff did something, or was refused it."""
    await keep_act(connection, AuditAct(**event.model_dump(), own_family_id=None))


async def access_refused(connection: Connection, event: AccessRefused) -> None:
    """A guardian named something that is not their family's."""
    act = AuditAct(
        **event.model_dump(),
        roles=("guardian",),
        child_id=None,
        outcome="not_theirs",
        refusal="not-found",
    )
    await keep_act(connection, act)


SUBSCRIPTIONS = (on(StaffActed, staff_acted), on(AccessRefused, access_refused))
