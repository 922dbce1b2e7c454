"""Who asks for places: a guardian for the own family, or the staff for one."""

from collections.abc import Collection
from uuid import UUID

from contracts.roles import GUARDIAN, OFFICE
from services.chassis import audit
from services.chassis.errors import FieldError, Invalid
from services.chassis.web import Call
from services.reservations.errors import UnknownChild
from services.reservations.model.places import Asker
from services.reservations.queries import calendar as families

PARENTS = OFFICE | {GUARDIAN}


def family_of(call: Call, asked: UUID | None) -> UUID:
    """The caller's family; for the staff the one they ask about. Raises Invalid without one."""
    family_id = call.caller.family_scope or asked
    if family_id is None:
        raise Invalid(errors=[FieldError("family_id", "Précisez la famille.")])
    return family_id


def asker_of(call: Call, asked: UUID | None) -> Asker:
    """Whoever called, as one who asks for places."""
    by_staff = call.caller.family_scope is None
    return Asker(call.caller.family_scope or asked, by_staff, call.caller.account_id)


async def refuse_strangers(call: Call, children: Collection[UUID]) -> None:
    """What a guardian asks about another family's child is not answered. Raises UnknownChild."""
    own = call.caller.family_scope
    if own and await families.strangers(call.connection, own, children):
        raise UnknownChild


async def tell_strangers(call: Call, refused: Collection[UUID]) -> None:
    """A guardian who names another family's child is refused that item, and leaves a trace."""
    own = call.caller.family_scope
    if own and refused and await families.strangers(call.connection, own, refused):
        await audit.tell_stranger(call.connection, call)
