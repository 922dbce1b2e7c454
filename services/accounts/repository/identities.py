"""Identities from elsewhere: sign-ins under way, people to be recognised, accounts that are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in that has left for FranceConnect, from one browser."""

    browser_digest: bytes
    nonce: str
    verifier: str


async def add_flow(
    connection: Connection, state_digest: bytes, flow: Flow, expires_at: datetime
) -> None:
    """Remember a sign-in that leaves."""
    await connection.execute(
        """INSERT INTO external_flow (state_digest, browser_digest, nonce, verifier, expires_at)
           VALUES ($1, $2, $3, $4, $5)""",
        state_digest,
        flow.browser_digest,
        flow.nonce,
        flow.verifier,
        expires_at,
    )


async def take_flow(connection: Connection, state_digest: bytes, now: datetime) -> Flow | None:
    """The sign-in of this state, once; None when it never left, is back already or is too old."""
    row = await connection.fetchrow(
        """DELETE FROM external_flow WHERE state_digest = $1
           RETURNING browser_digest, nonce, verifier, expires_at > $2 AS in_time""",
        state_digest,
        now,
    )
    if row is None or not row["in_time"]:
        return None
    return Flow(row["browser_digest"], row["nonce"], row["verifier"])


async def add_ticket(
    connection: Connection,
    ticket_digest: bytes,
    issuer: str,
    subject: str,
    sealed: bytes,
    expires_at: datetime,
) -> None:
    """Remember somebody who is known there and not yet here."""
    await connection.execute(
        """INSERT INTO external_ticket (ticket_digest, issuer, subject, sealed_identity, expires_at)
           VALUES ($1, $2, $3, $4, $5)""",
        ticket_digest,
        issuer,
        subject,
        sealed,
        expires_at,
    )


async def ticket(connection: Connection, ticket_digest: bytes, now: datetime) -> bytes | None:
    """The sealed identity behind a ticket that can still be used."""
    sealed: bytes | None = await connection.fetchval(
        "SELECT sealed_identity FROM external_ticket WHERE ticket_digest = $1 AND expires_at > $2",
        ticket_digest,
        now,
    )
    return sealed


async def use_ticket(connection: Connection, ticket_digest: bytes) -> bool:
    """Use the ticket up; False when another request has."""
    used = await connection.fetchval(
        "DELETE FROM external_ticket WHERE ticket_digest = $1 RETURNING true", ticket_digest
    )
    return bool(used)


async def account_of(connection: Connection, issuer: str, subject: str) -> UUID | None:
    """The account that this identity signs in to."""
    account_id: UUID | None = await connection.fetchval(
        "SELECT account_id FROM external_identity WHERE issuer = $1 AND subject = $2",
        issuer,
        subject,
    )
    return account_id


async def link(
    connection: Connection, issuer: str, subject: str, account_id: UUID, now: datetime
) -> bool:
    """Let this identity sign in to this account; False when either has another one."""
    linked = await connection.fetchval(
        """INSERT INTO external_identity (issuer, subject, account_id, linked_at)
           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true""",
        issuer,
        subject,
        account_id,
        now,
    )
    return bool(linked)


async def unlink(connection: Connection, account_id: UUID) -> bool:
    """No identity signs in to this account any more; False when none did."""
    gone = await connection.fetchval(
        "DELETE FROM external_identity WHERE account_id = $1 RETURNING true", account_id
    )
    return bool(gone)


async def keep_proof(connection: Connection, session_id: UUID, sealed: bytes) -> None:
    """Keep what the provider's own sign-out will ask for."""
    await connection.execute(
        "UPDATE login_session SET provider_token = $2 WHERE session_id = $1", session_id, sealed
    )


async def take_proof(connection: Connection, session_id: UUID, account_id: UUID) -> bytes | None:
    """What was kept for that, once."""
    sealed: bytes | None = await connection.fetchval(
        """UPDATE login_session s SET provider_token = NULL
           FROM (SELECT session_id, provider_token FROM login_session
                 WHERE session_id = $1 AND account_id = $2 FOR UPDATE) old
           WHERE s.session_id = old.session_id RETURNING old.provider_token""",
        session_id,
        account_id,
    )
    return sealed
