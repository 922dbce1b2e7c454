"""What is shown of mandates."""

from datetime import date
from typing import Any
from uuid import UUID

from services.billing.errors.treasury import UnknownMandate
from services.billing.model.mandates import UNUSED_MONTHS
from services.billing.queries import Page
from services.chassis.database import Connection

Row = dict[str, Any]

# $1: the day; $2: how many months a mandate lives unused.
MANDATES = """
SELECT * FROM (
    SELECT m.mandate_id, m.rum, m.family_id, f.label AS family_label,
           f.reference AS family_reference, m.holder, m.masked, m.bic, m.bank, m.signed_on,
           m.one_off, m.ends_on, m.last_used_on, u.expires_on, m.consent,
           m.revoked_at, m.revoked_cause, m.revoked_reason,
           CASE WHEN m.revoked_at IS NOT NULL THEN 'revoked'
                WHEN u.expires_on < $1::date OR m.ends_on < $1::date
                    OR EXISTS (SELECT FROM debit d WHERE d.mandate_id = m.mandate_id
                               AND d.sequence_type IN ('OOFF', 'FNAL')
                               AND d.returned_at IS NULL) THEN 'expired'
                ELSE 'active' END AS state
    FROM mandate m JOIN family f USING (family_id)
    CROSS JOIN LATERAL (SELECT
        (coalesce(m.last_used_on, m.signed_on) + make_interval(months => $2))::date AS expires_on) u
) found
WHERE ($3::uuid IS NULL OR family_id = $3) AND ($4::uuid IS NULL OR mandate_id = $4)
  AND ($5::text IS NULL OR state = $5)
ORDER BY signed_on DESC, rum DESC LIMIT $6 OFFSET $7
"""


async def mandates(
    connection: Connection,
    today: date,
    *,
    family_id: UUID | None,
    state: str | None,
    page: Page,
) -> list[Row]:
    """Mandates of one family or of all, newest first."""
    rows = await connection.fetch(
        MANDATES, today, UNUSED_MONTHS, family_id, None, state, page.size, page.offset
    )
    return [dict(row) for row in rows]


async def mandate(connection: Connection, today: date, mandate_id: UUID) -> Row:
    """One mandate. Raises UnknownMandate."""
    row = await connection.fetchrow(MANDATES, today, UNUSED_MONTHS, None, mandate_id, None, 1, 0)
    if row is None:
        raise UnknownMandate
    return dict(row)
