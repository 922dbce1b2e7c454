"""What accounts can be asked: families, accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.accounts.model.family import FamilyRecord, folded
from services.accounts.model.signing_in import Account
from services.accounts.repository import accounts, families, sessions
from services.chassis.database import Connection

# Each word must stand somewhere in what the model says a family is looked up by.
FAMILY_LIST = """
SELECT f.family_id, f.reference, f.label, f.city, f.quotient, f.missing = '{}' AS complete,
       (SELECT count(*) FROM child c WHERE c.family_id = f.family_id) AS children,
       EXISTS (SELECT FROM guardian g WHERE g.family_id = f.family_id AND g.position = 0
               AND g.mail IS NOT NULL) AS mail,
       CASE WHEN a.active THEN 'active' WHEN a.active IS NULL THEN 'none' ELSE 'issued' END
           AS account
FROM family f
LEFT JOIN LATERAL (SELECT bool_or(NOT temporary) AS active FROM account
                   WHERE family_id = f.family_id) a ON true
WHERE NOT EXISTS (SELECT FROM unnest($1::text[]) word WHERE strpos(f.search_text, word) = 0)
ORDER BY f.label, f.family_id LIMIT $2 OFFSET $3
"""

FAMILY_COUNT = """
SELECT count(*) FROM family f
WHERE NOT EXISTS (SELECT FROM unnest($1::text[]) word WHERE strpos(f.search_text, word) = 0)
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and how long the whole list is."""

    rows: list[dict[str, Any]]
    total: int


@dataclass(frozen=True, slots=True)
class GuardianAccount:
    """A guardian's account as the family's page shows it."""

    account_id: UUID
    login: str
    state: str
    totp: bool
    issued_at: datetime | None
    expires_at: datetime | None
    last_login_at: datetime | None


async def list_families(connection: Connection, search: str, *, page: int, size: int) -> Page:
    """The families that match every word, by name."""
    words = folded(search).split()
    rows = await connection.fetch(FAMILY_LIST, words, size, (page - 1) * size)
    total = await connection.fetchval(FAMILY_COUNT, words)
    return Page([dict(row) for row in rows], total)


async def family(connection: Connection, family_id: UUID) -> FamilyRecord | None:
    """The family record."""
    return await families.read(connection, family_id)


async def guardian_accounts(connection: Connection, family_id: UUID) -> dict[UUID, GuardianAccount]:
    """The accounts of a family's guardians, by guardian."""
    rows = await connection.fetch(
        """SELECT guardian_id, account_id, login, issued_at, expires_at, last_login_at,
                  totp_sealed IS NOT NULL AS totp,
                  CASE WHEN temporary THEN 'issued' ELSE 'active' END AS state
           FROM account WHERE family_id = $1""",
        family_id,
    )
    fields = [dict(row) for row in rows]
    return {row.pop("guardian_id"): GuardianAccount(**row) for row in fields}


async def account(connection: Connection, account_id: UUID) -> Account | None:
    """The account with this id."""
    return await accounts.by_id(connection, account_id)


async def guardian_of(connection: Connection, account_id: UUID | None) -> UUID | None:
    """The guardian whose account this is."""
    guardian_id: UUID | None = await connection.fetchval(
        "SELECT guardian_id FROM account WHERE account_id = $1", account_id
    )
    return guardian_id


async def session_is_active(connection: Connection, session_id: UUID, now: datetime) -> bool:
    """Whether the session is neither over nor revoked; asking means that it was seen."""
    return await sessions.seen(connection, session_id, now)


async def staff_accounts(connection: Connection) -> list[dict[str, Any]]:
    """Everybody of the staff who can sign in, by name."""
    rows = await connection.fetch(
        """SELECT account_id, login, name, roles, totp_sealed IS NOT NULL AS totp, last_login_at,
                  activity_ids, disabled_at IS NOT NULL AS disabled,
                  temporary AND expires_at IS NOT NULL AS temporary, expires_at
           FROM account WHERE guardian_id IS NULL ORDER BY name, login"""
    )
    return [dict(row) for row in rows]


async def account_requests_of(connection: Connection, family_id: UUID) -> list[dict[str, Any]]:
    """The requests by which the family came to its account, the newest first."""
    rows = await connection.fetch(
        """SELECT request_id, status, asked_at, confirmed_at, decided_at, reason
           FROM account_request WHERE family_id = $1 AND status <> 'unconfirmed'
           ORDER BY asked_at DESC, request_id""",
        family_id,
    )
    return [dict(row) for row in rows]
