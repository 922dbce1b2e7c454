"""Repeating a command with the same Idempotency-Key returns its first answer."""

from dataclasses import dataclass

from services.chassis.database import Connection
from services.chassis.errors import Conflict


class KeyReused(Conflict):
    """The same key came with another request."""

    slug, status, title = "idempotency-key-reused", 422, "Cette clé a servi à une autre demande"


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What the first request was answered."""

    status: int
    body: str


async def claim(
    connection: Connection, caller: str, key: str, fingerprint: str
) -> FirstAnswer | None:
    """Take the key for this transaction (None), or return the first answer; no key takes none.

    A second request with a key still at work waits here for the first to commit.
    Raises KeyReused when the request differs.
    """
    if not key:
        return None
    taken = await connection.fetchval(
        """INSERT INTO idempotency_key (caller, key, fingerprint) VALUES ($1, $2, $3)
           ON CONFLICT DO NOTHING RETURNING true""",
        caller,
        key,
        fingerprint,
    )
    if taken:
        return None
    row = await connection.fetchrow(
        "SELECT fingerprint, status, body FROM idempotency_key WHERE caller = $1 AND key = $2",
        caller,
        key,
    )
    if row is None or row["fingerprint"] != fingerprint:
        raise KeyReused
    return FirstAnswer(row["status"] or 200, row["body"] or "")


async def remember(connection: Connection, caller: str, key: str, status: int, body: str) -> None:
    """Keep the answer beside the key, in the transaction of the command."""
    await connection.execute(
        "UPDATE idempotency_key SET status = $3, body = $4 WHERE caller = $1 AND key = $2",
        caller,
        key,
        status,
        body,
    )
