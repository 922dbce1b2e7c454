"""Accounts of the staff, as an administrator changes them."""

from datetime import datetime
from uuid import UUID

from services.accounts.model.signing_in import Account
from services.accounts.repository import accounts
from services.chassis.database import Connection


async def lock(connection: Connection, account_id: UUID) -> Account | None:
    """The account, held until the transaction ends; None when it is not the staff's."""
    locked = await connection.fetchval(
        """SELECT true FROM account WHERE account_id = $1 AND guardian_id IS NULL FOR UPDATE""",
        account_id,
    )
    return await accounts.by_id(connection, account_id) if locked else None


async def names(connection: Connection) -> list[tuple[UUID, str]]:
    """What each member of the staff is called, those who have left as well."""
    rows = await connection.fetch(
        "SELECT account_id, name FROM account WHERE guardian_id IS NULL ORDER BY name, account_id"
    )
    return [(row["account_id"], row["name"]) for row in rows]


async def save_profile(connection: Connection, account: Account, now: datetime) -> None:
    """Write who it is and what it may do."""
    await connection.execute(
        """UPDATE account SET name = $2, roles = $3, activity_ids = $4,
                  disabled_at = CASE WHEN $5 THEN coalesce(disabled_at, $6) END
           WHERE account_id = $1""",
        account.account_id,
        account.name,
        list(account.roles),
        account.activity_ids,
        account.disabled,
        now,
    )


async def give_code(
    connection: Connection,
    account_id: UUID,
    password_hash: str,
    expires_at: datetime,
    now: datetime,
) -> None:
    """Set a temporary password."""
    await connection.execute(
        """UPDATE account SET password_hash = $2, temporary = true, expires_at = $3,
                  password_changed_at = $4
           WHERE account_id = $1""",
        account_id,
        password_hash,
        expires_at,
        now,
    )
