"""Change one's password: the temporary one at first, or any time."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.accounts import publishing
from services.accounts.commands import attempts
from services.accounts.commands.choosing import hold_to_rules
from services.accounts.commands.means import Means
from services.accounts.commands.sign_in import open_session
from services.accounts.errors import WrongPassword
from services.accounts.model.passwords import same_as, weakness
from services.accounts.model.signing_in import Account
from services.accounts.model.throttling import bucket
from services.accounts.model.tokens import Session
from services.accounts.repository import accounts as repository
from services.accounts.repository import links, sessions
from services.chassis import outbox
from services.chassis.database import Database
from services.chassis.errors import FieldError, NotFound


async def change_password(
    database: Database,
    means: Means,
    account_id: UUID,
    current: str,
    new: str,
    now: datetime,
    *,
    repeated: str | None = None,
    device: str = "",
) -> Session:
    """Set the new password, end every session, and open a fresh one.

    Raises WrongPassword, WeakPassword, PasswordsDiffer, TooManyAttempts. Opens its own
    transactions, since none should be held while passwords are hashed.
    """
    account = await _account(database, account_id)
    hold_to_rules(new, repeated, weakness(new, account.login) or same_as(current, new))
    # A stolen session must not be able to guess the password either.
    own = [bucket("password", account_id.bytes)]
    await attempts.count(database, own, now)
    password_hash = await _hashed(means, account, current, new)
    async with database.transaction() as connection:
        if not await repository.replace_password(connection, account, password_hash, now):
            raise wrong_password()
        await attempts.came_in(connection, own)
        await links.forget_resets(connection, account_id)
        await sessions.revoke_all(connection, [account_id], now)
        await outbox.append(connection, publishing.password_changed(account_id, account.family_id))
        renewed = replace(account, temporary=False)
        return await open_session(connection, renewed, now, device=device)


async def _account(database: Database, account_id: UUID) -> Account:
    async with database.connection() as connection:
        account = await repository.by_id(connection, account_id)
    if account is None:
        raise NotFound
    return account


async def _hashed(means: Means, account: Account, current: str, new: str) -> str:
    """The hash of the new password, once the present one has proved right."""
    hashing = means.hashing
    if not await hashing.matches(account.password_hash, current, temporary=account.temporary):
        raise wrong_password()
    return await hashing.hash(new)


def wrong_password(field: str = "current") -> WrongPassword:
    """The refusal of a password that should have been the present one."""
    message = "Ce n’est pas votre mot de passe actuel."
    return WrongPassword(message, errors=[FieldError(field, message)])
