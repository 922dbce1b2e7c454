"""Answer a newcomer's request: give them a family record and an access code, or say why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from services.accounts import publishing
from services.accounts.commands.hashing import Hashing
from services.accounts.commands.issue_codes import Batch, issue_to
from services.accounts.commands.keep_record import keep_records
from services.accounts.errors import RequestDecided
from services.accounts.model.family import FamilyRecord
from services.accounts.model.requests import AccountRequest, asker_in, attached, new_record
from services.accounts.repository import accounts, batches, families
from services.accounts.repository import requests as repository
from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import FieldError, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Approval:
    """How a request is approved: into an existing family, or as a new one.

    `resident` is for a new one; `use_contacts` puts the request's mail, telephone and address in
    the place of an existing family's.
    """

    family_id: UUID | None = None
    resident: bool = False
    use_contacts: bool = False


async def approve_request(
    connection: Connection,
    hashing: Hashing,
    request_id: UUID,
    approval: Approval,
    *,
    by: UUID | None,
    now: datetime,
    new_id: Callable[[], UUID] = uuid4,
) -> tuple[FamilyRecord, Batch]:
    """Give the newcomer a family record and an access code.

    Raises NotFound, RequestDecided, Invalid for a family that does not exist.
    """
    request = await _waiting(connection, request_id)
    # The office has looked: the code goes out even if the record could say more.
    record = await _record(connection, request, approval, now, new_id)
    approved = replace(request, status="approved", family_id=record.family_id)
    await repository.decide(connection, approved, by=by, now=now)
    await outbox.append(connection, publishing.request_approved(request_id, record.family_id))
    asker = asker_in(record, request.form)
    await accounts.one_issue_at_a_time(connection)
    recipient = await batches.guardian_recipient(connection, asker.guardian_id)
    return record, await issue_to(connection, hashing, [recipient], by=by, now=now)


async def refuse_request(
    connection: Connection, request_id: UUID, reason: str, *, by: UUID | None, now: datetime
) -> None:
    """Refuse, and tell the newcomer why. Raises NotFound, RequestDecided."""
    request = await _waiting(connection, request_id)
    refused = replace(request, status="refused", reason=reason)
    await repository.decide(connection, refused, by=by, now=now)
    await outbox.append(connection, publishing.request_refused(request, reason))


async def _waiting(connection: Connection, request_id: UUID) -> AccountRequest:
    request = await repository.lock(connection, request_id)
    if request is None:
        raise NotFound
    if request.status != "waiting":
        raise RequestDecided
    return request


async def _record(
    connection: Connection,
    request: AccountRequest,
    approval: Approval,
    now: datetime,
    new_id: Callable[[], UUID],
) -> FamilyRecord:
    kin: Mapping[UUID, FamilyRecord] = {}
    if approval.family_id is None:
        reference = await repository.new_reference(connection, paris_date(now))
        record = new_record(request, reference, resident=approval.resident, new_id=new_id)
    else:
        kin = await families.lock_kin(connection, [approval.family_id])
        present = kin.get(approval.family_id)
        if present is None:
            message = "Aucune famille ne porte cet identifiant."
            raise Invalid(errors=[FieldError("family_id", message)])
        record = attached(present, request.form, use_contacts=approval.use_contacts, new_id=new_id)
        if record is present:
            return present
    await keep_records(connection, [record], kin)
    return record
