"""Organisations that pay for families, from which day."""

from datetime import date, datetime
from uuid import UUID

from services.billing.model.organisations import Organisation
from services.chassis.database import Connection

PUT = """
INSERT INTO organisation_payer (family_id, since, name, siret, decided_at, decided_by,
    service_code, engagement)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (family_id, since) DO UPDATE
    SET name = $3, siret = $4, decided_at = $5, decided_by = $6, service_code = $7, engagement = $8
"""
PRESENT = """
SELECT name, siret, service_code, engagement FROM organisation_payer
WHERE family_id = $1 AND since <= $2 ORDER BY since DESC LIMIT 1
"""


async def put(
    connection: Connection,
    family_id: UUID,
    organisation: Organisation | None,
    *,
    since: date,
    now: datetime,
    by: UUID | None,
) -> None:
    """From that day this organisation pays, or nobody but the family."""
    payer = organisation or Organisation("", "")
    siret = payer.siret or None
    quoted = (payer.service_code, payer.engagement)
    await connection.execute(PUT, family_id, since, payer.name, siret, now, by, *quoted)


async def present(connection: Connection, family_id: UUID, day: date) -> Organisation | None:
    """Who pays for the family that day; None: itself."""
    row = await connection.fetchrow(PRESENT, family_id, day)
    return Organisation(**dict(row)) if row and row["siret"] else None
