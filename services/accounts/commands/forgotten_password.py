"""A forgotten password: a link by mail, once, and another password by it."""

from datetime import datetime
from uuid import uuid4

from services.accounts import publishing
from services.accounts.commands import attempts
from services.accounts.commands.choosing import hold_to_rules
from services.accounts.commands.means import Means
from services.accounts.errors import LinkSpent, TooManyAttempts
from services.accounts.model.links import RESET_LIFE, Forgetful, sealed_token
from services.accounts.model.passwords import weakness
from services.accounts.model.secrets import token_digest
from services.accounts.model.signing_in import login_digest, normal_login
from services.accounts.model.throttling import Client, address_bucket, bucket, device_token
from services.accounts.repository import accounts as repository
from services.accounts.repository import attempts as tallies
from services.accounts.repository import links, sessions
from services.chassis import outbox
from services.chassis.database import Connection, Database

REQUESTS_AT_ONCE = 50
SPENT = "Demandez un nouveau lien : celui-ci a servi, a été remplacé ou a plus d’une heure."


async def ask_for_link(connection: Connection, login: str, client: Client, now: datetime) -> None:
    """Note that a password was forgotten. The same work and answer for any login.

    Who asks too often for one login is answered as ever, and sends no more mail.
    Raises TooManyAttempts when the network asks for too many.
    """
    await attempts.count_in(connection, address_bucket("reset-address", client), now)
    wanted = normal_login(login)
    try:
        await attempts.count_in(connection, [bucket("reset", login_digest(login))], now)
    except TooManyAttempts:
        return
    await links.add_request(connection, wanted, now)


async def send_links(connection: Connection, means: Means, now: datetime) -> int:
    """Make the links that were asked for, for those logins that exist; how many were asked for."""
    requests = await links.take_requests(connection, REQUESTS_AT_ONCE)
    for login in requests:
        for forgetful in await links.forgetful(connection, login):
            await _send_link(connection, means, forgetful, now)
    return len(requests)


async def _send_link(
    connection: Connection, means: Means, forgetful: Forgetful, now: datetime
) -> None:
    token, expires_at = sealed_token(means.sealing_key), now + RESET_LIFE
    await links.replace_reset(connection, forgetful.account_id, token.digest, expires_at)
    event = publishing.reset_ready(uuid4(), forgetful, token.sealed, expires_at)
    await outbox.append(connection, event)


async def check_link(connection: Connection, token: str, now: datetime) -> None:
    """Say of a link whether it still opens anything, and use nothing up. Raises LinkSpent."""
    if await links.account_of_reset(connection, token_digest(token), now) is None:
        raise LinkSpent(SPENT)


async def choose_by_link(
    database: Database, means: Means, token: str, new: str, repeated: str | None, now: datetime
) -> str:
    """Set another password by a link that was mailed, and end every session.

    Returns a device token: whoever reads that mail is no stranger. A weak password leaves the
    link as it was. Raises LinkSpent, WeakPassword, PasswordsDiffer, TooBusy.
    """
    digest = token_digest(token)
    async with database.connection() as connection:
        account_id = await links.account_of_reset(connection, digest, now)
        account = account_id and await repository.by_id(connection, account_id)
    if not account:
        raise LinkSpent(SPENT)
    hold_to_rules(new, repeated, weakness(new, account.login))
    password_hash = await means.hashing.hash(new)
    login = login_digest(account.login)
    async with database.transaction() as connection:
        if not await links.use_reset(connection, digest):
            raise LinkSpent(SPENT)
        if not await repository.replace_password(connection, account, password_hash, now):
            raise LinkSpent(SPENT)
        await links.forget_resets(connection, account.account_id)
        await tallies.clear(connection, [bucket("login", login)])
        await sessions.revoke_all(connection, [account.account_id], now)
        event = publishing.password_changed(account.account_id, account.family_id)
        await outbox.append(connection, event)
    return device_token(means.secrets, login)
