"""What can be read for certificates, and of those that were made."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model.certificate import (
    Attended,
    CertificateKind,
    Child,
    Enrolled,
    Household,
    KeptCertificate,
    Paid,
    Period,
)

LONGEST_LIST = 100


async def household(connection: Connection, family_id: UUID) -> Household | None:
    """The family as papers address it; None while we have not heard of it."""
    row = await connection.fetchrow(
        "SELECT reference, addressee FROM certified_family WHERE family_id = $1", family_id
    )
    if row is None:
        return None
    children = await connection.fetch(
        """SELECT child_id, first_name, last_name, birth_date FROM certified_child
           WHERE family_id = $1 ORDER BY birth_date, first_name, child_id""",
        family_id,
    )
    return Household(
        family_id,
        row["reference"],
        tuple(row["addressee"]),
        tuple(Child(**dict(child)) for child in children),
    )


async def enrolments(
    connection: Connection, family_id: UUID, child_id: UUID, period: Period
) -> Sequence[Enrolled]:
    """The child's accepted enrolments that reach into the period."""
    rows = await connection.fetch(
        """SELECT a.name AS activity, a.place, e.school_year, e.starts_on, e.ends_on
           FROM certified_enrolment e JOIN certified_activity a USING (activity_id)
           WHERE e.family_id = $1 AND e.child_id = $2 AND e.is_accepted
             AND e.starts_on <= least($4, e.ends_on) AND e.ends_on >= $3
           ORDER BY a.name, e.starts_on""",
        family_id,
        child_id,
        period.first,
        period.last,
    )
    return [Enrolled(**dict(row)) for row in rows]


async def attended(
    connection: Connection, family_id: UUID, child_id: UUID, period: Period
) -> Sequence[Attended]:
    """The days of the period on which the child was present."""
    rows = await connection.fetch(
        """SELECT a.name AS activity, t.date
           FROM certified_attendance t JOIN certified_activity a USING (activity_id)
           WHERE t.family_id = $1 AND t.child_id = $2 AND t.is_present
             AND t.date BETWEEN $3 AND $4
           ORDER BY a.name, t.date""",
        family_id,
        child_id,
        period.first,
        period.last,
    )
    return [Attended(**dict(row)) for row in rows]


async def paid(connection: Connection, family_id: UUID, period: Period) -> Sequence[Paid]:
    """What the family paid in the period, line by line."""
    rows = await connection.fetch(
        """SELECT p.payment_id, p.received_on, p.invoice_number, p.child_id, a.kind,
                  p.amount_cents, p.method
           FROM certified_payment p LEFT JOIN certified_activity a USING (activity_id)
           WHERE p.family_id = $1 AND p.received_on BETWEEN $2 AND $3
           ORDER BY p.received_on, p.payment_id, p.position""",
        family_id,
        period.first,
        period.last,
    )
    return [Paid(**dict(row)) for row in rows]


async def certificates(connection: Connection, family_id: UUID) -> Sequence[KeptCertificate]:
    """The family's certificates, newest first."""
    rows = await connection.fetch(
        "SELECT * FROM certificate WHERE family_id = $1 ORDER BY issued_at DESC LIMIT $2",
        family_id,
        LONGEST_LIST,
    )
    return [_kept(row) for row in rows]


async def certificate(
    connection: Connection, certificate_id: UUID, family_scope: UUID | None
) -> KeptCertificate | None:
    """The certificate, if it is one of the family's; None as scope reaches every family."""
    row = await connection.fetchrow(
        """SELECT * FROM certificate
           WHERE certificate_id = $1 AND ($2::uuid IS NULL OR family_id = $2)""",
        certificate_id,
        family_scope,
    )
    return _kept(row) if row else None


async def by_code(connection: Connection, code_hash: bytes) -> KeptCertificate | None:
    """The certificate that bears the code of this hash."""
    row = await connection.fetchrow("SELECT * FROM certificate WHERE code_hash = $1", code_hash)
    return _kept(row) if row else None


def _kept(row: Any) -> KeptCertificate:
    return KeptCertificate(**dict(row) | {"kind": CertificateKind(row["kind"])})
