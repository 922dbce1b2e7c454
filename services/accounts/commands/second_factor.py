"""The second factor: taken up with a first code, given up, or taken away by an administrator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.accounts.commands import attempts
from services.accounts.commands.means import Means
from services.accounts.commands.sign_in import open_session
from services.accounts.errors import FactorRequired, NoEnrolment, TotpInvalid, WrongPassword
from services.accounts.model.second_factor import (
    ENROLMENT_LIFE,
    NewSecret,
    described,
    new_recovery_codes,
    new_secret,
    recovery_digests,
    totp_step,
)
from services.accounts.model.signing_in import Account
from services.accounts.model.throttling import bucket
from services.accounts.model.tokens import Session
from services.accounts.publishing import access as publishing
from services.accounts.repository import accounts as repository
from services.accounts.repository import factors, sessions
from services.chassis import outbox
from services.chassis.database import Connection, Database
from services.chassis.errors import FieldError, NotFound

SEALED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The new session, and the recovery codes, which are shown this once."""

    session: Session
    recovery_codes: list[str]


async def begin_enrolment(
    database: Database, means: Means, account_id: UUID, password: str, now: datetime
) -> NewSecret:
    """A secret that counts once its first code is typed. Raises WrongPassword, TooManyAttempts.

    The password is asked for: with a session alone, a thief could lock the owner out.
    """
    account = await with_password(database, means, account_id, password, now)
    made = new_secret(account.login, means.town_name)
    sealed = means.secrets.seal("second-factor", account_id, made.secret)
    async with database.transaction() as connection:
        await factors.begin(connection, account_id, sealed, now)
    return made


async def pending_enrolment(
    connection: Connection, means: Means, account_id: UUID, now: datetime
) -> NewSecret:
    """The secret that waits for its first code. Raises NoEnrolment."""
    sealed = await factors.pending(connection, account_id, now - ENROLMENT_LIFE)
    account = await repository.by_id(connection, account_id)
    if sealed is None or account is None:
        raise NoEnrolment
    secret = means.secrets.open("second-factor", account_id, sealed)
    return described(secret, account.login, means.town_name)


async def confirm_enrolment(
    database: Database, means: Means, account_id: UUID, code: str, now: datetime, device: str
) -> Enrolled:
    """Take the second factor up, end every session, open a fresh one.

    Raises NoEnrolment, TotpInvalid, TooManyAttempts.
    """
    await attempts.count(database, [bucket("password", account_id.bytes)], now)
    async with database.transaction() as connection:
        sealed = await factors.pending(connection, account_id, now - ENROLMENT_LIFE)
        if sealed is None:
            raise NoEnrolment
        secret = means.secrets.open("second-factor", account_id, sealed)
        step = totp_step(secret, code, now, after=0)
        if step is None:
            message = "Ce code ne correspond pas : saisissez celui qui est affiché maintenant."
            raise TotpInvalid(message, errors=[FieldError("code", message)])
        used = step if means.totp_single_use else 0
        if not await factors.take_up(connection, account_id, sealed, used):
            raise NoEnrolment
        codes = await _fresh_codes(connection, means, account_id)
        await attempts.came_in(connection, [bucket("password", account_id.bytes)])
        await sessions.revoke_all(connection, [account_id], now)
        account = await repository.by_id(connection, account_id)
        if account is None:
            raise NotFound
        await outbox.append(connection, publishing.second_factor_taken_up(account))
        return Enrolled(await open_session(connection, account, now, device=device), codes)


async def renew_recovery_codes(
    database: Database, means: Means, account_id: UUID, password: str, now: datetime
) -> list[str]:
    """Ten other codes; those before no longer pass. Raises WrongPassword, NoEnrolment."""
    account = await with_password(database, means, account_id, password, now)
    if account.totp_sealed is None:
        raise NoEnrolment("Activez d’abord la double authentification.")
    async with database.transaction() as connection:
        return await _fresh_codes(connection, means, account_id)


async def give_up(
    database: Database, means: Means, account_id: UUID, password: str, now: datetime
) -> None:
    """Do without a second factor. Raises WrongPassword, FactorRequired."""
    account = await with_password(database, means, account_id, password, now)
    if account.is_staff:
        raise FactorRequired("Remplacez-la plutôt par une autre.")
    async with database.transaction() as connection:
        await _remove(connection, account)


async def take_away(connection: Connection, account_id: UUID, now: datetime) -> Account:
    """For somebody who lost telephone and codes: their sessions end. Raises NotFound."""
    account = await repository.by_id(connection, account_id)
    if account is None:
        raise NotFound
    await _remove(connection, account)
    await sessions.revoke_all(connection, [account_id], now)
    return account


async def _remove(connection: Connection, account: Account) -> None:
    await factors.remove(connection, account.account_id)
    if account.totp_sealed is not None:
        await outbox.append(connection, publishing.second_factor_given_up(account))


async def seal_clear_secrets(database: Database, means: Means) -> int:
    """Seal the secrets that an earlier version kept as they are; how many there were."""
    sealed = 0
    while True:
        async with database.transaction() as connection:
            found = await factors.lock_clear_secrets(connection, SEALED_AT_ONCE)
            for account_id, secret in found:
                kept = means.secrets.seal("second-factor", account_id, secret)
                await factors.replace_clear_secret(connection, account_id, kept)
        if not found:
            return sealed
        sealed += len(found)


async def with_password(
    database: Database, means: Means, account_id: UUID, password: str, now: datetime
) -> Account:
    """The account, once its password was given again. Raises WrongPassword, TooManyAttempts."""
    async with database.connection() as connection:
        account = await repository.by_id(connection, account_id)
    if account is None:
        raise NotFound
    own = [bucket("password", account_id.bytes)]
    await attempts.count(database, own, now)
    if not await means.hashing.matches(
        account.password_hash, password, temporary=account.temporary
    ):
        message = "Ce n’est pas votre mot de passe actuel."
        raise WrongPassword(message, errors=[FieldError("password", message)])
    async with database.transaction() as connection:
        await attempts.came_in(connection, own)
    return account


async def _fresh_codes(connection: Connection, means: Means, account_id: UUID) -> list[str]:
    codes = new_recovery_codes()
    digests = recovery_digests(means.secrets, account_id, codes)
    await factors.replace_recovery_codes(connection, account_id, digests)
    return codes
