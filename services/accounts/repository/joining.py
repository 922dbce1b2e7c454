"""Two records made one, in SQL: people, accounts and whatever names the record that goes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.accounts.model.family import FamilyRecord
from services.accounts.model.joining import Joined
from services.accounts.model.table import LineError
from services.accounts.repository import families
from services.chassis.database import Connection

# Of a person's two accounts the one in use stays: chosen password first, then the later one.
SURPLUS_ACCOUNTS = """
WITH joined AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS j (gone, kept)),
both_have AS (
    SELECT a.account_id AS gone_account, b.account_id AS kept_account,
           (NOT a.temporary, coalesce(a.last_login_at, '-infinity'))
           > (NOT b.temporary, coalesce(b.last_login_at, '-infinity')) AS gone_is_used
    FROM joined j JOIN account a ON a.guardian_id = j.gone JOIN account b ON b.guardian_id = j.kept
)
DELETE FROM account WHERE account_id IN (
    SELECT CASE WHEN gone_is_used THEN kept_account ELSE gone_account END FROM both_have)
"""


# People get places that nobody has, until the record is written with its own.
MOVE = (
    "UPDATE guardian SET family_id = $1, position = position + 1000 WHERE family_id = $2",
    "UPDATE child SET family_id = $1, position = position + 1000 WHERE family_id = $2",
    "UPDATE account_request SET family_id = $1 WHERE family_id = $2",
    "UPDATE merged_family SET family_id = $1 WHERE family_id = $2",
)


async def accounts_of(connection: Connection, family_ids: Sequence[UUID]) -> list[UUID]:
    """The accounts of these families' guardians."""
    rows = await connection.fetch(
        "SELECT account_id FROM account WHERE family_id = ANY($1)", family_ids
    )
    return [row["account_id"] for row in rows]


async def save(
    connection: Connection,
    joined: Joined,
    merged: FamilyRecord,
    *,
    by: UUID | None,
    now: datetime,
) -> None:
    """Write the one record, and take the other one out."""
    family_id, gone = joined.record.family_id, merged.family_id
    await _move_accounts(connection, joined, gone)
    await connection.execute(
        "DELETE FROM guardian WHERE guardian_id = ANY($1)", list(joined.guardians)
    )
    await connection.execute("DELETE FROM child WHERE child_id = ANY($1)", list(joined.children))
    for statement in MOVE:
        await connection.execute(statement, family_id, gone)
    await families.save(connection, [joined.record])
    await connection.execute("DELETE FROM family WHERE family_id = $1", gone)
    await connection.execute(
        """INSERT INTO merged_family (merged_family_id, family_id, reference, merged_at, merged_by)
           VALUES ($1, $2, $3, $4, $5)""",
        gone,
        family_id,
        merged.reference,
        now,
        by,
    )


async def _move_accounts(connection: Connection, joined: Joined, gone: UUID) -> None:
    pairs = (list(joined.guardians), list(joined.guardians.values()))
    await connection.execute(SURPLUS_ACCOUNTS, *pairs)
    await connection.execute(
        """UPDATE account a SET guardian_id = j.kept
           FROM unnest($1::uuid[], $2::uuid[]) AS j (gone, kept) WHERE a.guardian_id = j.gone""",
        *pairs,
    )
    await connection.execute(
        "UPDATE account SET family_id = $1 WHERE family_id = $2", joined.record.family_id, gone
    )


async def merged_references(connection: Connection) -> list[LineError]:
    """The staged lines of an import that bear the number of a record put into another one."""
    rows = await connection.fetch(
        """SELECT min(s.line) AS line, f.reference FROM staged_line s
           JOIN merged_family m USING (reference) JOIN family f ON f.family_id = m.family_id
           GROUP BY s.reference, f.reference ORDER BY line"""
    )
    return [
        LineError(row["line"], "dossier", f"Ce dossier a été réuni au dossier {row['reference']}.")
        for row in rows
    ]
