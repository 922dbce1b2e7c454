"""Accounts and their access codes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.accounts.model.family import display_name
from services.accounts.model.issuing import Addressees, IssuedCode, Recipient
from services.accounts.model.signing_in import Account
from services.chassis.database import Connection

ISSUE_LOCK = 0x69737375

ACCOUNT = """
SELECT a.account_id, a.login, a.name, a.roles, a.password_hash, a.temporary, a.family_id,
       a.guardian_id, a.expires_at, a.totp_sealed, a.totp_last_step, a.activity_ids,
       a.disabled_at IS NOT NULL AS disabled, g.first_name, g.last_name
FROM account a LEFT JOIN guardian g USING (guardian_id)
"""

# A family's first guardian receives its code, unless another one of it has an account already;
# with $3 each guardian has a code of their own.
RECIPIENTS = """
SELECT f.family_id, g.guardian_id, g.last_name, g.mail, a.account_id, a.login,
       CASE WHEN $3 THEN a.account_id IS NOT NULL
            ELSE EXISTS (SELECT FROM account other WHERE other.family_id = f.family_id)
            END AS already
FROM family f
JOIN guardian g ON g.family_id = f.family_id AND ($3 OR g.position = 0 OR $2::uuid[] IS NOT NULL)
LEFT JOIN account a ON a.guardian_id = g.guardian_id
WHERE f.missing = '{}' AND ($1::uuid[] IS NULL OR f.family_id = ANY($1))
  AND ($2 IS NULL OR g.guardian_id = ANY($2))
ORDER BY f.label, f.family_id, g.position
"""

SAVE_ISSUED = """
INSERT INTO account (account_id, login, guardian_id, family_id, roles, password_hash,
                     temporary, expires_at, batch_id, created_at, issued_at)
SELECT i.account_id, i.login, i.guardian_id, i.family_id, '{guardian}', i.password_hash,
       true, $6, $7, $8, $8
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[])
     AS i (account_id, login, guardian_id, family_id, password_hash)
ON CONFLICT (account_id) DO UPDATE SET
    password_hash = excluded.password_hash, temporary = true, expires_at = excluded.expires_at,
    batch_id = excluded.batch_id, issued_at = excluded.issued_at
"""

SAVE_STAFF = """
INSERT INTO account (account_id, login, name, roles, password_hash, temporary, totp_sealed,
                     created_at, activated_at, password_changed_at, activity_ids, expires_at)
VALUES ($1, $2, $3, $4, $5, $8, $6, $7::timestamptz, CASE WHEN NOT $8 THEN $7::timestamptz END,
        CASE WHEN NOT $8 THEN $7::timestamptz END, $9, $10)
ON CONFLICT (login) DO UPDATE SET
    name = excluded.name, roles = excluded.roles, totp_sealed = excluded.totp_sealed,
    password_hash = excluded.password_hash, temporary = excluded.temporary,
    expires_at = excluded.expires_at, activity_ids = excluded.activity_ids,
    password_changed_at = CASE WHEN account.password_hash = excluded.password_hash
                               THEN account.password_changed_at ELSE $7::timestamptz END
WHERE account.guardian_id IS NULL
RETURNING account_id
"""


async def by_login(connection: Connection, login: str) -> Account | None:
    """The account with this login."""
    row = await connection.fetchrow(ACCOUNT + "WHERE a.login = $1", login)
    return _account(row) if row else None


async def by_id(connection: Connection, account_id: UUID) -> Account | None:
    """The account with this id."""
    row = await connection.fetchrow(ACCOUNT + "WHERE a.account_id = $1", account_id)
    return _account(row) if row else None


async def one_issue_at_a_time(connection: Connection) -> None:
    """Wait for an issue of codes in progress to commit, so that nobody gets two."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", ISSUE_LOCK)


async def recipients(
    connection: Connection, addressees: Addressees
) -> list[tuple[Recipient, bool]]:
    """Who of these would get a code, complete records only; and whether one was issued."""
    rows = await connection.fetch(
        RECIPIENTS, addressees.family_ids, addressees.guardian_ids, addressees.every_guardian
    )
    return [(recipient_of(row), row["already"]) for row in rows]


async def taken_logins(connection: Connection, logins: Sequence[str]) -> set[str]:
    """Those of these logins that some account has."""
    rows = await connection.fetch("SELECT login FROM account WHERE login = ANY($1)", logins)
    return {row["login"] for row in rows}


async def save_issued(
    connection: Connection,
    codes: Sequence[IssuedCode],
    *,
    batch_id: UUID,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Make or renew the accounts of these codes; the codes before them no longer fit."""
    await connection.execute(
        SAVE_ISSUED,
        [code.account_id for code in codes],
        [code.login for code in codes],
        [code.recipient.guardian_id for code in codes],
        [code.recipient.family_id for code in codes],
        [code.code.password_hash for code in codes],
        expires_at,
        batch_id,
        now,
    )


async def save_staff(connection: Connection, account: Account, now: datetime) -> UUID | None:
    """Make or change the account with this login; its id, None when it is a guardian's."""
    account_id: UUID | None = await connection.fetchval(
        SAVE_STAFF,
        account.account_id,
        account.login,
        account.name,
        list(account.roles),
        account.password_hash,
        account.totp_sealed,
        now,
        account.temporary,
        account.activity_ids,
        account.expires_at,
    )
    return account_id


async def replace_password(
    connection: Connection, account: Account, password_hash: str, now: datetime
) -> bool:
    """Set the password that the person chose; False when it changed meanwhile."""
    done = await connection.fetchval(
        """UPDATE account SET password_hash = $3, temporary = false, expires_at = NULL,
                  password_changed_at = $4, activated_at = coalesce(activated_at, $4)
           WHERE account_id = $1 AND password_hash = $2 RETURNING true""",
        account.account_id,
        account.password_hash,
        password_hash,
        now,
    )
    return bool(done)


async def signed_in(
    connection: Connection, account: Account, now: datetime, *, totp_step: int | None
) -> bool:
    """Note the login; False when password or second factor changed or were used meanwhile."""
    done = await connection.fetchval(
        """UPDATE account SET last_login_at = $3, totp_last_step = coalesce($4, totp_last_step)
           WHERE account_id = $1 AND password_hash = $2 AND disabled_at IS NULL
                 AND ($4::bigint IS NULL OR totp_last_step < $4)
           RETURNING true""",
        account.account_id,
        account.password_hash,
        now,
        totp_step,
    )
    return bool(done)


def _account(row: Any) -> Account:
    fields = dict(row)
    first_name, last_name = fields.pop("first_name"), fields.pop("last_name")
    if first_name is not None:
        fields["name"] = display_name(first_name, last_name)
    activities = row["activity_ids"]
    return Account(
        **fields
        | {
            "roles": tuple(row["roles"]),
            "activity_ids": None if activities is None else tuple(activities),
        }
    )


def recipient_of(row: Any) -> Recipient:
    """The guardian in a row."""
    return Recipient(
        family_id=row["family_id"],
        guardian_id=row["guardian_id"],
        last_name=row["last_name"],
        mail=row["mail"],
        account_id=row["account_id"],
        login=row["login"],
    )
