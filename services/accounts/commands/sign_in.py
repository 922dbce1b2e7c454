"""Sign in: password, second factor, session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.accounts import publishing
from services.accounts.commands import attempts
from services.accounts.commands.means import Means
from services.accounts.errors import CodeExpired, InvalidCredentials, TotpInvalid, TotpRequired
from services.accounts.model.second_factor import is_recovery_code, recovery_digests, totp_step
from services.accounts.model.signing_in import Account, login_digest, normal_login
from services.accounts.model.throttling import Bucket, Client, device_token, sign_in_buckets
from services.accounts.model.tokens import Session
from services.accounts.repository import accounts as repository
from services.accounts.repository import factors, sessions
from services.accounts.repository.attempts import forgive
from services.chassis import outbox
from services.chassis.database import Connection, Database

WRONG = "Vérifiez votre identifiant et votre mot de passe."


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed to come in."""

    login: str
    password: str
    totp: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session, and the token by which its browser is known the next time."""

    session: Session
    device_token: str = ""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What was shown besides the password: a code of this step, or a recovery code."""

    totp_step: int | None = None
    recovery_digest: bytes | None = None


async def sign_in(
    database: Database, means: Means, credentials: Credentials, client: Client, now: datetime
) -> Opened:
    """Open a session. Takes as long, and answers the same, whether or not the login exists.

    Opens its own transactions, since none should be held while the password is hashed.
    Raises InvalidCredentials, TooManyAttempts, TooBusy, CodeExpired, TotpRequired, TotpInvalid.
    """
    account, factor, buckets = await proven(database, means, credentials, client, now)
    async with database.transaction() as connection:
        await use_up(connection, account, factor, now)
        await attempts.came_in(connection, buckets)
        session = await open_session(connection, account, now, device=client.device)
        if account.is_staff:
            await outbox.append(connection, publishing.staff_signed_in(session))
    digest = login_digest(credentials.login)
    return Opened(session, device_token(means.secrets, digest, client.device_token))


async def proven(
    database: Database, means: Means, credentials: Credentials, client: Client, now: datetime
) -> tuple[Account, SecondFactor, Sequence[Bucket]]:
    """The account whose password and second factor these are, and what the attempt counts in.

    Raises what `sign_in` raises.
    """
    buckets = sign_in_buckets(means.secrets, login_digest(credentials.login), client)
    account = await _counted(database, credentials.login, buckets, now)
    try:
        fits = await means.hashing.matches(
            account.password_hash if account else None,
            credentials.password,
            temporary=account.temporary if account else False,
        )
    except Exception:
        # Nothing was judged: whoever is sent away by a full line has not failed.
        await _forgive(database, buckets)
        raise
    if account is None or not fits or account.disabled:
        raise InvalidCredentials(WRONG)
    if account.expired(now):
        raise CodeExpired("Demandez un nouveau code au service enfance.")
    factor = await _second_factor(database, means, account, credentials.totp, buckets, now)
    return account, factor, buckets


async def use_up(
    connection: Connection, account: Account, factor: SecondFactor, now: datetime
) -> None:
    """Note that they came in; password and second factor must not have been used up meanwhile."""
    if not await repository.signed_in(connection, account, now, totp_step=factor.totp_step):
        # The password or the second factor was used up by another request meanwhile.
        raise InvalidCredentials(WRONG)
    digest = factor.recovery_digest
    if digest and not await factors.use_recovery_code(connection, account.account_id, digest):
        raise TotpInvalid("Ce code de secours a déjà servi.")


async def open_session(
    connection: Connection,
    account: Account,
    now: datetime,
    *,
    device: str = "",
    by_provider: bool = False,
) -> Session:
    """A new session of this account."""
    session = Session(
        session_id=uuid4(),
        account_id=account.account_id,
        family_id=account.family_id,
        roles=account.roles,
        name=account.name,
        must_change_password=account.temporary,
        created_at=now,
        must_enrol_second_factor=account.must_enrol_second_factor,
        activity_ids=account.activity_ids,
        device=device,
        by_provider=by_provider,
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


async def _counted(
    database: Database, login: str, buckets: Sequence[Bucket], now: datetime
) -> Account | None:
    async with database.transaction() as connection:
        await attempts.count_in(connection, buckets, now)
        return await repository.by_login(connection, normal_login(login))


async def _second_factor(
    database: Database,
    means: Means,
    account: Account,
    code: str | None,
    buckets: Sequence[Bucket],
    now: datetime,
) -> SecondFactor:
    if account.totp_sealed is None:
        return SecondFactor()
    if not code:
        await _forgive(database, buckets)
        raise TotpRequired("Un code à six chiffres est demandé en plus du mot de passe.")
    if is_recovery_code(code):
        (digest,) = recovery_digests(means.secrets, account.account_id, [code])
        async with database.connection() as connection:
            if await factors.has_recovery_code(connection, account.account_id, digest):
                return SecondFactor(recovery_digest=digest)
        raise TotpInvalid("Ce code de secours n’existe pas ou a déjà servi.")
    secret = means.secrets.open("second-factor", account.account_id, account.totp_sealed)
    last = account.totp_last_step if means.totp_single_use else 0
    step = totp_step(secret, code, now, after=last)
    if step is None:
        raise TotpInvalid("Attendez le code suivant, puis réessayez.")
    return SecondFactor(totp_step=step if means.totp_single_use else None)


async def _forgive(database: Database, buckets: Sequence[Bucket]) -> None:
    async with database.transaction() as connection:
        await forgive(connection, buckets)
