"""Sign in: password, second factor, session."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.accounts.commands.hashing import Hashing
from services.accounts.errors import (
    CodeExpired,
    InvalidCredentials,
    TooManyAttempts,
    TotpInvalid,
    TotpRequired,
)
from services.accounts.model.signing_in import (
    FAILURES_ALLOWED,
    Account,
    login_digest,
    normal_login,
    totp_step,
)
from services.accounts.model.tokens import Session
from services.accounts.repository import accounts as repository
from services.accounts.repository import sessions
from services.chassis.database import Connection, Database


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed to come in."""

    login: str
    password: str
    totp: str | None = None


async def sign_in(
    database: Database,
    hashing: Hashing,
    credentials: Credentials,
    now: datetime,
    *,
    totp_single_use: bool = True,
) -> Session:
    """Open a session. Takes as long, and answers the same, whether or not the login exists.

    Opens its own transactions, since none should be held while the password is hashed.
    """
    digest = login_digest(credentials.login)
    account = await _counted(database, credentials.login, digest, now)
    fits = await hashing.matches(
        account.password_hash if account else None,
        credentials.password,
        temporary=account.temporary if account else False,
    )
    if account is None or not fits:
        raise InvalidCredentials("Vérifiez votre identifiant et votre mot de passe.")
    if account.expired(now):
        raise CodeExpired("Demandez un nouveau code au service enfance.")
    step = await _second_factor(database, account, credentials.totp, digest, now, totp_single_use)
    async with database.transaction() as connection:
        if not await repository.signed_in(connection, account, now, totp_step=step):
            # The password or the second factor was used up by another request meanwhile.
            raise InvalidCredentials("Vérifiez votre identifiant et votre mot de passe.")
        await repository.clear_attempts(connection, digest)
        return await open_session(connection, account, now)


async def open_session(connection: Connection, account: Account, now: datetime) -> Session:
    """A new session of this account."""
    session = Session(
        session_id=uuid4(),
        account_id=account.account_id,
        family_id=account.family_id,
        roles=account.roles,
        name=account.name,
        must_change_password=account.temporary,
        created_at=now,
    )
    await sessions.add(connection, session)
    return session


async def sign_out(
    connection: Connection, session_id: UUID, account_id: UUID, now: datetime
) -> bool:
    """End one session of this account; False when it is not one of its own."""
    return await sessions.revoke(connection, session_id, account_id, now)


async def sign_out_everywhere(connection: Connection, account_id: UUID, now: datetime) -> None:
    """End every session of this account."""
    await sessions.revoke_all(connection, [account_id], now)


async def count_attempt(connection: Connection, digest: bytes, now: datetime) -> None:
    """Count an attempt before it is judged. Raises TooManyAttempts beyond the allowed ones."""
    if await repository.count_attempt(connection, digest, now) > FAILURES_ALLOWED:
        raise TooManyAttempts("Réessayez dans un quart d’heure.")


async def _counted(database: Database, login: str, digest: bytes, now: datetime) -> Account | None:
    # Counted and committed before it is judged: many guesses at once are still many.
    async with database.transaction() as connection:
        await count_attempt(connection, digest, now)
        return await repository.by_login(connection, normal_login(login))


async def _second_factor(
    database: Database,
    account: Account,
    code: str | None,
    digest: bytes,
    now: datetime,
    single_use: bool,
) -> int | None:
    if account.totp_secret is None:
        return None
    if not code:
        async with database.transaction() as connection:
            await repository.forgive_attempt(connection, digest)
        raise TotpRequired("Un code à six chiffres est demandé en plus du mot de passe.")
    last = account.totp_last_step if single_use else 0
    step = totp_step(account.totp_secret, code, now, after=last)
    if step is None:
        raise TotpInvalid("Attendez le code suivant, puis réessayez.")
    return step if single_use else None
