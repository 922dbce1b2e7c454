"""Sign in with FranceConnect: out, back, and an account once its owner has proved it theirs."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.accounts.clients.france_connect import FranceConnect
from services.accounts.commands import attempts
from services.accounts.commands.means import Means
from services.accounts.commands.second_factor import with_password
from services.accounts.commands.sign_in import (
    Credentials,
    Opened,
    open_session,
    proven,
    use_up,
)
from services.accounts.errors import AnotherPerson, LinkSpent, PasswordNeeded
from services.accounts.model.identity import FLOW_LIFE, TICKET_LIFE, Identity, identity_of
from services.accounts.model.secrets import new_token, token_digest
from services.accounts.model.signing_in import Account, login_digest
from services.accounts.model.throttling import Client, device_token
from services.accounts.model.tokens import Session
from services.accounts.publishing import access as publishing
from services.accounts.repository import accounts, families, identities
from services.accounts.repository.identities import Flow
from services.chassis import outbox
from services.chassis.database import Connection, Database
from services.chassis.errors import NotFound

TOO_LATE = "La demande a expiré ou a déjà servi : recommencez depuis la page de connexion."
NOT_THIS_ONE = "Le nom donné par FranceConnect n’est pas celui du responsable de ce compte."
HAS_ANOTHER = "Ce compte est déjà associé à une autre identité FranceConnect."


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to go, and what the browser must bring back besides."""

    url: str
    browser_token: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came back: signed in, or with a ticket to prove which account is theirs."""

    session: Session | None = None
    ticket: str = ""
    name: str = ""


async def depart(database: Database, provider: FranceConnect, now: datetime) -> Departure:
    """Begin a sign-in. Raises ProviderAway."""
    state, browser, nonce, verifier = (new_token() for _ in range(4))
    url = await provider.authorization_url(state, nonce, verifier)
    flow = Flow(token_digest(browser), nonce, verifier)
    async with database.transaction() as connection:
        await identities.add_flow(connection, token_digest(state), flow, now + FLOW_LIFE)
    return Departure(url, browser)


async def arrive(
    database: Database,
    means: Means,
    provider: FranceConnect,
    *,
    code: str,
    state: str,
    browser_token: str,
    client: Client,
    now: datetime,
) -> Arrival:
    """End a sign-in, in the browser that began it and once.

    Raises LinkSpent, IdentityRefused, ProviderAway, PasswordNeeded.
    """
    async with database.transaction() as connection:
        flow = await identities.take_flow(connection, token_digest(state), now)
    if flow is None or not hmac.compare_digest(flow.browser_digest, token_digest(browser_token)):
        raise LinkSpent(TOO_LATE)
    identity = await provider.identity(code, flow.nonce, flow.verifier)
    async with database.transaction() as connection:
        account_id = await identities.account_of(connection, identity.issuer, identity.subject)
        account = account_id and await accounts.by_id(connection, account_id)
        if not account:
            return await _ticket(connection, means, identity, now)
        if account.totp_sealed is not None or account.disabled:
            raise PasswordNeeded("Ce compte demande un code que FranceConnect ne remplace pas.")
        return Arrival(await _open(connection, means, account, identity, client, now))


async def link(
    database: Database,
    means: Means,
    ticket: str,
    credentials: Credentials,
    client: Client,
    now: datetime,
) -> Opened:
    """Sign in with the password or the access code, and with FranceConnect from then on.

    Raises LinkSpent, AnotherPerson, and what a sign-in raises.
    """
    digest = token_digest(ticket)
    identity = await _identity_behind(database, means, digest, now)
    account, factor, buckets = await proven(database, means, credentials, client, now)
    async with database.transaction() as connection:
        await _refuse_another(connection, account, identity)
        if not await identities.use_ticket(connection, digest):
            raise LinkSpent(TOO_LATE)
        if not await identities.link(
            connection, identity.issuer, identity.subject, account.account_id, now
        ):
            raise AnotherPerson(HAS_ANOTHER)
        await outbox.append(connection, publishing.france_connect_linked(account))
        await use_up(connection, account, factor, now)
        await attempts.came_in(connection, buckets)
        session = await _open(connection, means, account, identity, client, now)
    login = login_digest(credentials.login)
    return Opened(session, device_token(means.secrets, login, client.device_token))


async def unlink(
    database: Database, means: Means, account_id: UUID, password: str, now: datetime
) -> None:
    """FranceConnect signs in to this account no more. Raises WrongPassword, NotFound."""
    account = await with_password(database, means, account_id, password, now)
    async with database.transaction() as connection:
        if not await identities.unlink(connection, account_id):
            raise NotFound
        await outbox.append(connection, publishing.france_connect_unlinked(account))


async def sign_out_url(
    connection: Connection,
    means: Means,
    provider: FranceConnect,
    *,
    session_id: UUID,
    account_id: UUID,
) -> str | None:
    """Where to end the provider's own session; None when this one did not come from there."""
    sealed = await identities.take_proof(connection, session_id, account_id)
    if sealed is None:
        return None
    proof = means.secrets.open("identity", session_id, sealed)
    return await provider.sign_out_url(proof, new_token())


async def _identity_behind(
    database: Database, means: Means, ticket_digest: bytes, now: datetime
) -> Identity:
    async with database.connection() as connection:
        sealed = await identities.ticket(connection, ticket_digest, now)
    if sealed is None:
        raise LinkSpent(TOO_LATE)
    return identity_of(means.secrets.open("identity", ticket_digest, sealed))


async def _ticket(
    connection: Connection, means: Means, identity: Identity, now: datetime
) -> Arrival:
    ticket = new_token()
    digest = token_digest(ticket)
    sealed = means.secrets.seal("identity", digest, identity.text())
    await identities.add_ticket(
        connection, digest, identity.issuer, identity.subject, sealed, now + TICKET_LIFE
    )
    return Arrival(ticket=ticket, name=identity.full_name)


async def _open(
    connection: Connection,
    means: Means,
    account: Account,
    identity: Identity,
    client: Client,
    now: datetime,
) -> Session:
    session = await open_session(connection, account, now, device=client.device, by_provider=True)
    sealed = means.secrets.seal("identity", session.session_id, identity.proof)
    await identities.keep_proof(connection, session.session_id, sealed)
    return session


async def _refuse_another(connection: Connection, account: Account, identity: Identity) -> None:
    record = account.family_id and await families.read(connection, account.family_id)
    guardian = record and account.guardian_id and record.guardian(account.guardian_id)
    if not guardian or not identity.is_guardian(guardian.first_name, guardian.last_name):
        raise AnotherPerson(NOT_THIS_ONE)
