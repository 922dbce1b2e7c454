"""Issue access codes in bulk: a login and a temporary password for each guardian they are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.accounts import publishing
from services.accounts.commands.hashing import Hashing
from services.accounts.model import codes
from services.accounts.model.issuing import (
    Addressees,
    Channel,
    IssuedCode,
    KnownBatch,
    Recipient,
    wanted_logins,
)
from services.accounts.repository import accounts as repository
from services.accounts.repository import batches, families, sessions
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Batch:
    """What an issue of codes did."""

    batch_id: UUID
    by_mail: int
    by_letter: int


async def issue_access_codes(
    connection: Connection,
    hashing: Hashing,
    addressees: Addressees,
    *,
    only: Channel | None = None,
    by: UUID | None,
    now: datetime,
    known_batch: KnownBatch | None = None,
) -> Batch:
    """A code for everybody of complete families who has none, or for each of those listed.

    Who is listed and has an account gets another code: the old one, or the password, no longer
    fits, and the sessions end. Incomplete families are passed over, and with `only` those that
    the other way would reach, as are families and guardians that are no more.
    """
    await repository.one_issue_at_a_time(connection)
    found = await repository.recipients(connection, addressees)
    chosen = [
        recipient
        for recipient, already in found
        if (addressees.are_listed or not already) and only in (None, recipient.channel)
    ]
    return await issue_to(connection, hashing, chosen, by=by, now=now, known_batch=known_batch)


async def issue_to(
    connection: Connection,
    hashing: Hashing,
    recipients: Sequence[Recipient],
    *,
    by: UUID | None,
    now: datetime,
    known_batch: KnownBatch | None = None,
) -> Batch:
    """A code for each of these guardians, whose turn at issuing is held already."""
    named = await _with_logins(connection, recipients)
    prepared = await hashing.codes(len(named))
    issued = [
        IssuedCode(r.account_id or uuid4(), r.login or "", r, code)
        for r, code in zip(named, prepared, strict=True)
    ]
    return await _record(connection, issued, known_batch or KnownBatch(uuid4()), by=by, now=now)


async def refuse_unknown(connection: Connection, addressees: Addressees) -> None:
    """Raises Invalid for the first family, or guardian, that does not exist."""
    if unknown := await families.unknown(connection, addressees.family_ids or ()):
        message = f"Aucune famille ne porte cet identifiant : {unknown[0]}."
        raise Invalid(errors=[FieldError("family_ids", message)])
    if unknown := await batches.unknown_guardians(connection, addressees.guardian_ids or ()):
        message = f"Aucun responsable ne porte cet identifiant : {unknown[0]}."
        raise Invalid(errors=[FieldError("guardian_ids", message)])


async def _record(
    connection: Connection,
    issued: Sequence[IssuedCode],
    known: KnownBatch,
    *,
    by: UUID | None,
    now: datetime,
) -> Batch:
    by_mail = sum(code.recipient.channel == "mail" for code in issued)
    batch = Batch(known.batch_id, by_mail=by_mail, by_letter=len(issued) - by_mail)
    expires_at = now + codes.LIFE
    await batches.issued(
        connection, known, by=by, now=now, by_mail=batch.by_mail, by_letter=batch.by_letter
    )
    await repository.save_issued(
        connection, issued, batch_id=batch.batch_id, now=now, expires_at=expires_at
    )
    await sessions.revoke_all(connection, [code.account_id for code in issued], now)
    events = list(publishing.codes_issued(issued, batch.batch_id, expires_at))
    await outbox.append_all(connection, events)
    return batch


async def _with_logins(connection: Connection, recipients: Sequence[Recipient]) -> list[Recipient]:
    """A login for each that no account has; generated ones are drawn again while one is taken."""
    taken: set[str] = set()
    while True:
        named = wanted_logins(recipients, taken)
        fresh = [r.login for r in named if r.account_id is None and r.login]
        clashes = await repository.taken_logins(connection, fresh)
        if not clashes:
            return named
        taken |= clashes
