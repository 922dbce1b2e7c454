"""Links that were mailed: forgotten passwords, mail addresses to confirm or to refuse."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.accounts.model.links import End, Forgetful, MailChange
from services.chassis.database import Connection

TAKE_REQUESTS = """
DELETE FROM reset_request WHERE request_id IN (
    SELECT request_id FROM reset_request ORDER BY request_id LIMIT $1 FOR UPDATE SKIP LOCKED
) RETURNING login
"""

# Two guardians may share one address: each gets a link, which says for which login.
FORGETFUL = """
SELECT a.account_id, a.family_id, a.guardian_id, a.login, g.mail
FROM account a JOIN guardian g USING (guardian_id)
WHERE (a.login = $1 OR g.mail = $1) AND g.mail IS NOT NULL AND a.disabled_at IS NULL
ORDER BY a.account_id LIMIT 4
"""

MAIL_CHANGE = """
SELECT m.change_id, m.account_id, a.family_id, a.guardian_id, a.login, m.old_mail, m.new_mail,
       m.expires_at, m.old_confirms, m.new_confirmed_at IS NOT NULL AS new_confirmed,
       m.old_confirmed_at IS NOT NULL AS old_confirmed
FROM mail_change m JOIN account a USING (account_id)
"""


CONFIRMED_BY: Final[dict[End, str]] = {
    "new": """WHERE m.confirm_digest = $1 AND m.new_confirmed_at IS NULL
              AND m.confirmed_at IS NULL AND m.expires_at > $2 FOR UPDATE""",
    "old": """WHERE m.cancel_digest = $1 AND m.old_confirms AND m.old_confirmed_at IS NULL
              AND m.confirmed_at IS NULL AND m.expires_at > $2 FOR UPDATE""",
}


async def add_request(connection: Connection, login: str, now: datetime) -> None:
    """Note that somebody forgot the password of this login, or says so."""
    await connection.execute(
        "INSERT INTO reset_request (login, requested_at) VALUES ($1, $2)", login, now
    )


async def take_requests(connection: Connection, limit: int) -> list[str]:
    """The logins that were noted; they are forgotten with the transaction."""
    return [row["login"] for row in await connection.fetch(TAKE_REQUESTS, limit)]


async def forgetful(connection: Connection, login: str) -> list[Forgetful]:
    """The accounts that this login or mail address may mean, with an address to write to."""
    return [Forgetful(**dict(row)) for row in await connection.fetch(FORGETFUL, login)]


async def replace_reset(
    connection: Connection, account_id: UUID, digest: bytes, expires_at: datetime
) -> None:
    """Keep a link of this account; those before it no longer pass."""
    await forget_resets(connection, account_id)
    await connection.execute(
        "INSERT INTO password_reset (token_digest, account_id, expires_at) VALUES ($1, $2, $3)",
        digest,
        account_id,
        expires_at,
    )


async def account_of_reset(connection: Connection, digest: bytes, now: datetime) -> UUID | None:
    """Whose link this is; None when it was used, replaced or is too old."""
    account_id: UUID | None = await connection.fetchval(
        "SELECT account_id FROM password_reset WHERE token_digest = $1 AND expires_at > $2",
        digest,
        now,
    )
    return account_id


async def use_reset(connection: Connection, digest: bytes) -> bool:
    """Use the link up; False when another request has."""
    used = await connection.fetchval(
        "DELETE FROM password_reset WHERE token_digest = $1 RETURNING true", digest
    )
    return bool(used)


async def forget_resets(connection: Connection, account_id: UUID) -> None:
    """No link of this account passes any more."""
    await connection.execute("DELETE FROM password_reset WHERE account_id = $1", account_id)


async def add_mail_change(
    connection: Connection,
    change: MailChange,
    *,
    confirm_digest: bytes,
    cancel_digest: bytes | None,
    now: datetime,
) -> None:
    """Keep a wanted address; one that was wanted before and not confirmed is given up."""
    await drop_pending_mail(connection, change.account_id)
    await connection.execute(
        """INSERT INTO mail_change (change_id, account_id, old_mail, new_mail, confirm_digest,
                                    cancel_digest, requested_at, expires_at, old_confirms)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        change.change_id,
        change.account_id,
        change.old_mail,
        change.new_mail,
        confirm_digest,
        cancel_digest,
        now,
        change.expires_at,
        change.old_confirms,
    )


async def drop_pending_mail(connection: Connection, account_id: UUID) -> bool:
    """Give up an address that was not confirmed; False when there is none."""
    gone = await connection.fetch(
        "DELETE FROM mail_change WHERE account_id = $1 AND confirmed_at IS NULL RETURNING true",
        account_id,
    )
    return bool(gone)


async def lock_by_confirmation(
    connection: Connection, digest: bytes, now: datetime
) -> tuple[MailChange, End] | None:
    """What this token confirms and from which end; None when it has, or is given up or too old."""
    for end, condition in CONFIRMED_BY.items():
        row = await connection.fetchrow(MAIL_CHANGE + condition, digest, now)
        if row:
            return MailChange(**dict(row)), end
    return None


async def lock_by_cancellation(
    connection: Connection, digest: bytes, now: datetime
) -> MailChange | None:
    """The address that this token refuses, confirmed or not."""
    row = await connection.fetchrow(
        MAIL_CHANGE + "WHERE m.cancel_digest = $1 AND m.expires_at > $2 FOR UPDATE", digest, now
    )
    return _change(row)


async def note_end(connection: Connection, change_id: UUID, end: End, now: datetime) -> None:
    """One end has confirmed."""
    await connection.execute(
        """UPDATE mail_change
           SET new_confirmed_at = CASE WHEN $2 = 'new' THEN $3 ELSE new_confirmed_at END,
               old_confirmed_at = CASE WHEN $2 = 'old' THEN $3 ELSE old_confirmed_at END
           WHERE change_id = $1""",
        change_id,
        end,
        now,
    )


async def mark_confirmed(connection: Connection, change_id: UUID, now: datetime) -> None:
    """The address is the guardian's; the old one may still refuse."""
    await connection.execute(
        "UPDATE mail_change SET confirmed_at = $2 WHERE change_id = $1", change_id, now
    )


async def drop_mail_change(connection: Connection, change_id: UUID) -> None:
    """The old address has refused."""
    await connection.execute("DELETE FROM mail_change WHERE change_id = $1", change_id)


async def rename_login(connection: Connection, account_id: UUID, login: str) -> bool:
    """Give the account another login; False when somebody has it."""
    renamed = await connection.fetchval(
        """UPDATE account SET login = $2 WHERE account_id = $1
           AND NOT EXISTS (SELECT FROM account other
                           WHERE other.login = $2 AND other.account_id <> $1)
           RETURNING true""",
        account_id,
        login,
    )
    return bool(renamed)


async def forget(connection: Connection, now: datetime) -> None:
    """Drop the links that are too old."""
    for statement in (
        "DELETE FROM password_reset WHERE expires_at <= $1",
        "DELETE FROM mail_change WHERE expires_at <= $1",
        "DELETE FROM external_flow WHERE expires_at <= $1",
        "DELETE FROM external_ticket WHERE expires_at <= $1",
    ):
        await connection.execute(statement, now)


def _change(row: Any) -> MailChange | None:
    return MailChange(**dict(row)) if row else None
