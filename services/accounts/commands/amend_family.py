"""Amend the family file: what a parent may change alone, and the staff for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from services.accounts import publishing
from services.accounts.model.family import Address, FamilyRecord
from services.accounts.repository import families as repository
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import FieldError, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is to change: contacts (`mail`, `phone`) of one guardian, the family's address."""

    contacts: Mapping[str, str | None]
    address: Address | None = None


async def amend_family(
    connection: Connection, family_id: UUID, guardian_id: UUID | None, amendment: Amendment
) -> FamilyRecord:
    """The record with the amendment, told to the others when it changes anything.

    Raises NotFound for a family that does not exist, Invalid for a guardian of another one.
    """
    present = await repository.lock(connection, family_id)
    if present is None:
        raise NotFound
    amended = present
    if amendment.contacts:
        guardian = guardian_id and present.guardian(guardian_id)
        if not guardian:
            message = "Indiquez lequel des responsables de cette famille est concerné."
            raise Invalid(errors=[FieldError("guardian_id", message)])
        amended = present.with_guardian(
            replace(
                guardian,
                mail=amendment.contacts.get("mail", guardian.mail),
                phone=amendment.contacts.get("phone", guardian.phone),
            )
        )
    if amendment.address:
        amended = amended.with_address(amendment.address)
    amended = present.changed_to(amended)
    if amended is not present:
        await repository.save(connection, [amended])
        await outbox.append_all(connection, publishing.family_saved(amended))
    return amended
