"""Two records made one, in SQL: people, accounts and whatever names the record that goes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.accounts.model.family import FamilyRecord
from services.accounts.model.joining import Joined
from services.accounts.model.table import LineError
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


async def move(connection: Connection, joined: Joined) -> None:
    """Give whatever names the record that goes, or its people, to the one that stays."""
    family_id, gone = joined.record.family_id, joined.merged_family_id
    await _move_accounts(connection, joined, gone)
    await _move_homes(connection, joined, gone)
    await _move_answers(connection, joined, gone)
    await connection.execute(
        "DELETE FROM guardian WHERE guardian_id = ANY($1)", list(joined.guardians)
    )
    await connection.execute("DELETE FROM child WHERE child_id = ANY($1)", list(joined.children))
    for statement in MOVE:
        await connection.execute(statement, family_id, gone)


async def take_out(
    connection: Connection, merged: FamilyRecord, family_id: UUID, *, by: UUID | None, now: datetime
) -> None:
    """Remove the record that goes; its number will not come back by an import."""
    gone = merged.family_id
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


async def _move_homes(connection: Connection, joined: Joined, gone: UUID) -> None:
    family_id = joined.record.family_id
    # A child in just these two homes has one from now on.
    await connection.execute(
        """DELETE FROM second_home s USING child c WHERE s.child_id = c.child_id
           AND (c.family_id, s.family_id) IN (($1, $2), ($2, $1))""",
        family_id,
        gone,
    )
    await connection.execute(
        """UPDATE second_home s SET child_id = j.kept
           FROM unnest($1::uuid[], $2::uuid[]) AS j (gone, kept)
           WHERE s.child_id = j.gone
             AND NOT EXISTS (SELECT FROM second_home o WHERE o.child_id = j.kept)""",
        *_twins(joined),
    )
    await connection.execute(
        "DELETE FROM second_home WHERE child_id = ANY($1)", list(joined.children)
    )
    await connection.execute(
        "UPDATE second_home SET family_id = $1, position = position + 1000 WHERE family_id = $2",
        family_id,
        gone,
    )


async def _move_answers(connection: Connection, joined: Joined, gone: UUID) -> None:
    family_id = joined.record.family_id
    await connection.execute(
        """UPDATE consent_answer a SET child_id = j.kept
           FROM unnest($1::uuid[], $2::uuid[]) AS j (gone, kept) WHERE a.child_id = j.gone""",
        *_twins(joined),
    )
    await connection.execute(
        "UPDATE consent_answer SET family_id = $1 WHERE family_id = $2", family_id, gone
    )
    # What waits was asked of a record that is no more; the office has just looked at it.
    await connection.execute(
        """UPDATE record_change SET family_id = $1,
               status = CASE status WHEN 'pending' THEN 'replaced' ELSE status END
           WHERE family_id = $2""",
        family_id,
        gone,
    )


def _twins(joined: Joined) -> tuple[list[UUID], list[UUID]]:
    return list(joined.children), list(joined.children.values())


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
