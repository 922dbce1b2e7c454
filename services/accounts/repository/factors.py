"""Second factors: pending, in use, and the codes for when the telephone is lost."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection


async def begin(connection: Connection, account_id: UUID, sealed: bytes, now: datetime) -> None:
    """Keep a secret until its first code; one begun before is given up."""
    await connection.execute(
        "UPDATE account SET pending_totp_sealed = $2, pending_totp_at = $3 WHERE account_id = $1",
        account_id,
        sealed,
        now,
    )


async def pending(connection: Connection, account_id: UUID, since: datetime) -> bytes | None:
    """The secret that waits for its first code, if it was begun after this instant."""
    sealed: bytes | None = await connection.fetchval(
        """SELECT pending_totp_sealed FROM account
           WHERE account_id = $1 AND pending_totp_at > $2""",
        account_id,
        since,
    )
    return sealed


async def take_up(connection: Connection, account_id: UUID, sealed: bytes, step: int) -> bool:
    """Put the pending secret to use; False when it is no longer this one."""
    done = await connection.fetchval(
        """UPDATE account SET totp_sealed = pending_totp_sealed, totp_last_step = $3,
                  pending_totp_sealed = NULL, pending_totp_at = NULL
           WHERE account_id = $1 AND pending_totp_sealed = $2 RETURNING true""",
        account_id,
        sealed,
        step,
    )
    return bool(done)


async def remove(connection: Connection, account_id: UUID) -> None:
    """Take the second factor away, codes and all."""
    await connection.execute("DELETE FROM recovery_code WHERE account_id = $1", account_id)
    await connection.execute(
        """UPDATE account SET totp_sealed = NULL, totp_last_step = 0, totp_secret = NULL,
                  pending_totp_sealed = NULL, pending_totp_at = NULL
           WHERE account_id = $1""",
        account_id,
    )


async def replace_recovery_codes(
    connection: Connection, account_id: UUID, digests: Sequence[bytes]
) -> None:
    """Keep these codes; those before them no longer pass."""
    await connection.execute("DELETE FROM recovery_code WHERE account_id = $1", account_id)
    await connection.execute(
        "INSERT INTO recovery_code (account_id, digest) SELECT $1, unnest($2::bytea[])",
        account_id,
        digests,
    )


async def has_recovery_code(connection: Connection, account_id: UUID, digest: bytes) -> bool:
    """Whether this code can still be used."""
    found = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM recovery_code WHERE account_id = $1 AND digest = $2)",
        account_id,
        digest,
    )
    return bool(found)


async def use_recovery_code(connection: Connection, account_id: UUID, digest: bytes) -> bool:
    """Use the code up; False when another request has."""
    used = await connection.fetchval(
        "DELETE FROM recovery_code WHERE account_id = $1 AND digest = $2 RETURNING true",
        account_id,
        digest,
    )
    return bool(used)


async def lock_clear_secrets(connection: Connection, limit: int) -> list[tuple[UUID, str]]:
    """Secrets that are still kept as they are."""
    rows = await connection.fetch(
        """SELECT account_id, totp_secret FROM account WHERE totp_secret IS NOT NULL
           LIMIT $1 FOR UPDATE SKIP LOCKED""",
        limit,
    )
    return [(row["account_id"], row["totp_secret"]) for row in rows]


async def replace_clear_secret(connection: Connection, account_id: UUID, sealed: bytes) -> None:
    """Keep the secret sealed, and no longer as it is."""
    await connection.execute(
        "UPDATE account SET totp_sealed = $2, totp_secret = NULL WHERE account_id = $1",
        account_id,
        sealed,
    )
