"""Change one's mail address: both ends confirm, the old one may refuse; the login follows."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from services.accounts import publishing
from services.accounts.commands.keep_record import save_and_tell
from services.accounts.commands.means import Means
from services.accounts.commands.second_factor import with_password
from services.accounts.errors import LinkSpent, MailTaken
from services.accounts.model.links import MAIL_CHANGE_LIFE, End, MailChange, sealed_token
from services.accounts.model.secrets import token_digest
from services.accounts.repository import families, links, sessions
from services.chassis import outbox
from services.chassis.database import Connection, Database
from services.chassis.errors import FieldError, Invalid, NotFound

SPENT = "Il a servi, a été remplacé ou a plus de trois jours."


async def ask_for_mail(
    database: Database, means: Means, account_id: UUID, mail: str, password: str, now: datetime
) -> None:
    """Have both addresses confirm, or the new one alone where the town asks no more of it.

    Raises WrongPassword, Invalid.
    """
    account = await with_password(database, means, account_id, password, now)
    if account.family_id is None or account.guardian_id is None:
        raise NotFound
    async with database.transaction() as connection:
        record = await families.read(connection, account.family_id)
        guardian = record and record.guardian(account.guardian_id)
        if not guardian:
            raise NotFound
        if guardian.mail == mail:
            raise _same()
        change = MailChange(
            change_id=uuid4(),
            account_id=account_id,
            family_id=account.family_id,
            guardian_id=account.guardian_id,
            login=account.login,
            old_mail=guardian.mail,
            new_mail=mail,
            expires_at=now + MAIL_CHANGE_LIFE,
            old_confirms=means.old_mail_confirms and guardian.mail is not None,
        )
        await _keep(connection, means, change, now)


async def _keep(connection: Connection, means: Means, change: MailChange, now: datetime) -> None:
    confirmation = sealed_token(means.sealing_key)
    cancellation = sealed_token(means.sealing_key) if change.old_mail else None
    await links.add_mail_change(
        connection,
        change,
        confirm_digest=confirmation.digest,
        cancel_digest=cancellation.digest if cancellation else None,
        now=now,
    )
    event = publishing.mail_change_requested(
        change, confirmation.sealed, cancellation.sealed if cancellation else None
    )
    await outbox.append(connection, event)


async def confirm_mail(
    connection: Connection, token: str, now: datetime
) -> tuple[str | None, End | None]:
    """One end agrees; once both have, the new address stands in the file.

    The address that counts now, and the end that still has to confirm. Raises LinkSpent, also
    when the office has changed the address meanwhile, and MailTaken.
    """
    found = await links.lock_by_confirmation(connection, token_digest(token), now)
    if found is None:
        raise LinkSpent(SPENT)
    change, end = found[0].confirmed_by(found[1]), found[1]
    await links.note_end(connection, change.change_id, end, now)
    if change.waits_for is None:
        await _replace(connection, change, now)
        return change.new_mail, None
    return change.old_mail, change.waits_for


async def _replace(connection: Connection, change: MailChange, now: datetime) -> None:
    present = await families.lock(connection, change.family_id)
    guardian = present and present.guardian(change.guardian_id)
    if not guardian or guardian.mail != change.old_mail:
        raise LinkSpent("Votre adresse a été changée entre-temps.")
    if change.login_follows and not await links.rename_login(
        connection, change.account_id, change.new_mail
    ):
        raise MailTaken("Choisissez-en une autre, ou demandez de l’aide au service enfance.")
    await _write(connection, change, change.new_mail)
    await links.mark_confirmed(connection, change.change_id, now)
    await links.forget_resets(connection, change.account_id)


async def refuse_mail(connection: Connection, token: str, now: datetime) -> str | None:
    """The old address refuses: it stays or comes back, and every session ends. Raises LinkSpent."""
    change = await links.lock_by_cancellation(connection, token_digest(token), now)
    if change is None:
        raise LinkSpent(SPENT)
    if change.login_went_along and change.old_mail:
        await links.rename_login(connection, change.account_id, change.old_mail)
    await _write(connection, change, change.old_mail, instead_of=change.new_mail)
    await links.drop_mail_change(connection, change.change_id)
    await links.forget_resets(connection, change.account_id)
    await sessions.revoke_all(connection, [change.account_id], now)
    return change.old_mail


async def give_mail_up(connection: Connection, account_id: UUID) -> None:
    """The owner wants the old address after all. Raises NotFound when none waits."""
    if not await links.drop_pending_mail(connection, account_id):
        raise NotFound


async def _write(
    connection: Connection, change: MailChange, mail: str | None, instead_of: str | None = None
) -> None:
    """Write the address into the family file, unless what it is to replace is not there."""
    present = await families.lock(connection, change.family_id)
    guardian = present and present.guardian(change.guardian_id)
    if not present or not guardian or (instead_of and guardian.mail != instead_of):
        return
    amended = present.with_guardian(replace(guardian, mail=mail))
    if amended is not present:
        await save_and_tell(connection, [amended])


def _same() -> Invalid:
    message = "C’est déjà votre adresse mail."
    return Invalid(message, errors=[FieldError("mail", message)])
