"""Erase a family: asked by a parent, decided by the staff."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from services.accounts import publishing
from services.accounts.commands import attempts
from services.accounts.commands.change_password import wrong_password
from services.accounts.commands.hashing import Hashing
from services.accounts.commands.keep_record import keep_records, lock_family
from services.accounts.errors import (
    ErasureAlreadyAsked,
    ErasureNotAsked,
    WrongReference,
)
from services.accounts.model import sharing
from services.accounts.model.leaving import ErasureRequest
from services.accounts.model.throttling import bucket
from services.accounts.publishing import access as access_publishing
from services.accounts.repository import accounts, erasures, families
from services.chassis import outbox, personal_data
from services.chassis.database import Connection, Database
from services.chassis.errors import FieldError, NotFound
from services.chassis.personal_data import PersonalData


async def ask_for_erasure(
    database: Database,
    hashing: Hashing,
    *,
    family_id: UUID,
    account_id: UUID,
    password: str,
    now: datetime,
) -> ErasureRequest:
    """A parent's request, once they proved who they are.

    Raises WrongPassword, TooManyAttempts, ErasureAlreadyAsked. Opens its own transactions, since
    none should be held while the password is hashed.
    """
    async with database.transaction() as connection:
        account = await accounts.by_id(connection, account_id)
        if account is None or account.family_id != family_id:
            raise NotFound
    # A stolen session must not be able to guess the password.
    own = [bucket("password", account_id.bytes)]
    await attempts.count(database, own, now)
    if not await hashing.matches(account.password_hash, password, temporary=account.temporary):
        raise wrong_password("password")
    async with database.transaction() as connection:
        await attempts.came_in(connection, own)
        request = ErasureRequest(uuid4(), family_id, now, account_id)
        if not await erasures.add(connection, request):
            raise ErasureAlreadyAsked
        await outbox.append(connection, publishing.erasure_planned(request))
    return request


async def withdraw_request(
    connection: Connection, family_id: UUID, by: UUID, now: datetime
) -> None:
    """The parent has thought better of it. Raises ErasureNotAsked."""
    request = await _open_request(connection, family_id)
    await erasures.save(
        connection, replace(request, status="withdrawn", decided_at=now, decided_by=by)
    )
    await outbox.append(connection, access_publishing.erasure_withdrawn(family_id))


async def refuse_erasure(
    connection: Connection, family_id: UUID, *, reason: str, by: UUID | None, now: datetime
) -> None:
    """The staff refuse, with the reason that the family reads. Raises NotFound, ErasureNotAsked."""
    if not await families.exists(connection, family_id):
        raise NotFound
    request = await _open_request(connection, family_id)
    refused = replace(request, status="refused", decided_at=now, decided_by=by, reason=reason)
    await erasures.save(connection, refused)
    await outbox.append(connection, access_publishing.erasure_refused(family_id))


async def erase_family(
    connection: Connection,
    personal: PersonalData,
    months: dict[str, int],
    family_id: UUID,
    *,
    reference: str,
    by: UUID | None,
    now: datetime,
) -> None:
    """Erase the family here, and tell every service to do the same.

    `reference` is its file's number, typed again: there is no way back.
    Raises NotFound, WrongReference.
    """
    record, kin = await lock_family(connection, family_id)
    if record.reference != reference.strip():
        message = f"Recopiez le numéro du dossier à effacer : {record.reference}."
        raise WrongReference(message, errors=[FieldError("reference", message)])
    await _close(connection, family_id, by, now)
    await personal_data.erase(connection, personal, months, family_id, now)
    # Children of two homes have one from now on, and its file says so.
    await keep_records(connection, sharing.left_behind(record, kin), {})
    await outbox.append(connection, publishing.family_erased(family_id, now))


async def note_presence(connection: Connection, family_id: UUID, until: date | None) -> None:
    """Enrolment tells that the family uses a service until this day."""
    if until is not None:
        await erasures.keep_presence(connection, family_id, until)


async def _close(connection: Connection, family_id: UUID, by: UUID | None, now: datetime) -> None:
    request = await erasures.lock_open(connection, family_id)
    if request is None:
        # Families that left do not ask: the staff find them.
        done = ErasureRequest(uuid4(), family_id, now, None, "done", now, by)
        await erasures.add(connection, done)
    else:
        done = replace(request, status="done", decided_at=now, decided_by=by)
        await erasures.save(connection, done)


async def _open_request(connection: Connection, family_id: UUID) -> ErasureRequest:
    request = await erasures.lock_open(connection, family_id)
    if request is None:
        raise ErasureNotAsked
    return request
