"""Writes mandates. A family has one in force; its row in `family` is the lock."""

from datetime import date, datetime
from uuid import UUID

from services.billing.errors import UnknownFamily
from services.billing.errors.treasury import UnknownMandate
from services.billing.model.mandates import Ended, Mandate
from services.chassis.database import Connection

REVOKE = """
UPDATE mandate SET revoked_at = $2, revoked_by = $3, revoked_cause = $4, revoked_reason = $5
WHERE mandate_id = $1 AND revoked_at IS NULL AND ($6::uuid IS NULL OR family_id = $6)
RETURNING mandate_id, family_id, rum
"""


async def lock_family(connection: Connection, family_id: UUID) -> None:
    """Hold the family until the transaction ends. Raises UnknownFamily."""
    if not await connection.fetchval(
        "SELECT true FROM family WHERE family_id = $1 FOR NO KEY UPDATE", family_id
    ):
        raise UnknownFamily


async def in_force(connection: Connection, family_id: UUID) -> UUID | None:
    """The family's mandate that nobody has ended."""
    found: UUID | None = await connection.fetchval(
        "SELECT mandate_id FROM mandate WHERE family_id = $1 AND revoked_at IS NULL", family_id
    )
    return found


async def is_in_force(connection: Connection, mandate_id: UUID) -> bool:
    """Whether nobody has ended this mandate."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM mandate WHERE mandate_id = $1 AND revoked_at IS NULL)",
        mandate_id,
    )
    return found


async def insert(
    connection: Connection, mandate: Mandate, *, sealed_iban: bytes, signed_at: datetime
) -> None:
    """Keep a signed mandate."""
    await connection.execute(
        """INSERT INTO mandate (mandate_id, rum, family_id, account_id, holder, iban, masked, bic,
               bank, signed_on, signed_at, consent, one_off)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)""",
        mandate.mandate_id,
        mandate.rum,
        mandate.family_id,
        mandate.account_id,
        mandate.holder,
        sealed_iban,
        mandate.masked,
        mandate.bic,
        mandate.bank,
        mandate.signed_on,
        signed_at,
        mandate.consent,
        mandate.one_off,
    )


async def set_end(
    connection: Connection,
    mandate_id: UUID,
    ends_on: date,
    *,
    reason: str,
    family_scope: UUID | None,
) -> Ended:
    """A mandate collects until that day. Raises UnknownMandate, as `revoke` does."""
    row = await connection.fetchrow(
        """UPDATE mandate SET ends_on = $2, revoked_reason = $4
           WHERE mandate_id = $1 AND revoked_at IS NULL AND ($3::uuid IS NULL OR family_id = $3)
           RETURNING mandate_id, family_id, rum""",
        mandate_id,
        ends_on,
        family_scope,
        reason,
    )
    if row is None:
        raise UnknownMandate
    return Ended(**dict(row))


async def revoke(
    connection: Connection,
    mandate_id: UUID,
    *,
    cause: str,
    reason: str = "",
    by: UUID | None = None,
    family_scope: UUID | None = None,
    now: datetime,
) -> Ended:
    """End a mandate. Raises UnknownMandate, also for another family's and for an ended one."""
    row = await connection.fetchrow(REVOKE, mandate_id, now, by, cause, reason, family_scope)
    if row is None:
        raise UnknownMandate
    return Ended(**dict(row))
