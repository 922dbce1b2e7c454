"""What can be asked of access codes: who would get one, what became of each batch."""

from typing import Any

from services.accounts.model.completeness import BY_CODE
from services.accounts.queries import Page
from services.chassis.database import Connection

# What a batch's codes became stands in the accounts that still carry it: a code made anew
# belongs to the later batch.
BATCHES = """
SELECT b.batch_id, b.status, b.issued_at, b.planned_for, b.by_mail, b.by_letter, b.channel,
       b.reissue_of, cardinality(b.family_ids) AS families,
       cardinality(b.guardian_ids) AS guardians, b.every_guardian,
       count(a.account_id) FILTER (WHERE NOT a.temporary) AS used,
       count(a.account_id) FILTER (WHERE a.temporary) AS waiting
FROM code_batch b LEFT JOIN account a USING (batch_id)
GROUP BY b.batch_id ORDER BY coalesce(b.issued_at, b.planned_at) DESC, b.batch_id LIMIT 100
"""


# A line is a family, whose first guardian would get the code, or with $1 each guardian.
LINES = """
WITH line AS (
    SELECT family_id, reference, label, missing, outcome, NULL::uuid AS guardian_id,
           NULL AS guardian, 0 AS position
    FROM code_outcome WHERE NOT $1
    UNION ALL
    SELECT family_id, reference, label, missing, outcome, guardian_id, guardian, position
    FROM guardian_code_outcome WHERE $1
)
"""

PREVIEW = """
SELECT count(*) FILTER (WHERE outcome = 'mail') AS by_mail,
       count(*) FILTER (WHERE outcome = 'letter') AS by_letter,
       count(*) FILTER (WHERE outcome = 'incomplete') AS incomplete,
       count(*) FILTER (WHERE outcome = 'already') AS already
FROM line
"""

RECIPIENTS = """
SELECT family_id, reference, label, missing, outcome, guardian_id, guardian FROM line
WHERE $2::text IS NULL OR outcome = $2
ORDER BY label, family_id, position LIMIT $3 OFFSET $4
"""

RECIPIENT_COUNT = "SELECT count(*) FROM line WHERE $2::text IS NULL OR outcome = $2"


async def preview(connection: Connection, *, every_guardian: bool) -> dict[str, int]:
    """How many codes an issue would send each way, and who would get none."""
    row = await connection.fetchrow(LINES + PREVIEW, every_guardian)
    return dict(row) if row else {}


async def recipients(
    connection: Connection, outcome: str | None, *, every_guardian: bool, page: int, size: int
) -> Page:
    """The families, or guardians, by what an issue to all would do for them, by name."""
    rows = await connection.fetch(
        LINES + RECIPIENTS, every_guardian, outcome, size, (page - 1) * size
    )
    total = await connection.fetchval(
        LINES + RECIPIENT_COUNT,
        every_guardian,
        outcome,
    )
    return Page([_named(dict(row)) for row in rows], total)


async def batches(connection: Connection) -> list[dict[str, Any]]:
    """The newest batches with what became of their codes."""
    return [dict(row) for row in await connection.fetch(BATCHES)]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"missing": tuple(BY_CODE[code].label for code in row["missing"])}
