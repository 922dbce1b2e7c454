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
       count(a.account_id) FILTER (WHERE NOT a.temporary) AS used,
       count(a.account_id) FILTER (WHERE a.temporary) AS waiting
FROM code_batch b LEFT JOIN account a USING (batch_id)
GROUP BY b.batch_id ORDER BY coalesce(b.issued_at, b.planned_at) DESC, b.batch_id LIMIT 100
"""


async def recipients(connection: Connection, outcome: str | None, *, page: int, size: int) -> Page:
    """The families by what an issue to all would do for them, by name."""
    rows = await connection.fetch(
        """SELECT * FROM code_outcome WHERE $1::text IS NULL OR outcome = $1
           ORDER BY label, family_id LIMIT $2 OFFSET $3""",
        outcome,
        size,
        (page - 1) * size,
    )
    total = await connection.fetchval(
        "SELECT count(*) FROM code_outcome WHERE $1::text IS NULL OR outcome = $1", outcome
    )
    return Page([_named(dict(row)) for row in rows], total)


async def batches(connection: Connection) -> list[dict[str, Any]]:
    """The newest batches with what became of their codes."""
    return [dict(row) for row in await connection.fetch(BATCHES)]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"missing": tuple(BY_CODE[code].label for code in row["missing"])}
