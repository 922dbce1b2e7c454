"""What accounts listens to: the acts for the audit trail, and who still uses a service."""

from contracts.events.audit import AccessRefused, StaffActed
from contracts.events.enrolment import EnrolmentAccepted, EnrolmentRequested
from services.accounts.commands.erase_family import note_presence
from services.accounts.commands.keep_trail import keep_act
from services.accounts.model.leaving import end_of_school_year
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


async def enrolment_requested(connection: Connection, event: EnrolmentRequested) -> None:
    """The family means to be there in that school year."""
    await note_presence(connection, event.family_id, end_of_school_year(event.school_year))


async def enrolment_accepted(connection: Connection, event: EnrolmentAccepted) -> None:
    """The family is there until the enrolment ends."""
    await note_presence(connection, event.family_id, event.ends_on)


SUBSCRIPTIONS = (
    on(StaffActed, staff_acted),
    on(AccessRefused, access_refused),
    on(EnrolmentRequested, enrolment_requested),
    on(EnrolmentAccepted, enrolment_accepted),
)
