"""Absences, the certificates that prove them, and the rules by which they excuse."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.events.enrolment import AbsenceRule
from services.chassis.database import Connection
from services.reservations.errors import UnknownAbsence
from services.reservations.model.absences import (
    Absence,
    Certificate,
    MissedSession,
)
from services.reservations.model.periods import Period

MISSED = """
SELECT s.session_id, s.activity_id, s.date
FROM reservation r JOIN session s USING (session_id)
WHERE r.child_id = $1 AND r.family_id = $2 AND r.confirmed AND s.date BETWEEN $3 AND $4
ORDER BY s.session_id
"""

UNUSED = """
SELECT * FROM certificate c WHERE c.family_id = $1 AND c.child_id = $2
  AND NOT EXISTS (SELECT FROM absence a WHERE a.document_id = c.document_id)
"""


async def lock_child(connection: Connection, family_id: UUID, child_id: UUID) -> bool:
    """Whether the child is in the family's file; its absences stand still meanwhile."""
    return bool(
        await connection.fetchval(
            """SELECT true FROM child WHERE family_id = $1 AND child_id = $2 AND in_file
               FOR NO KEY UPDATE""",
            family_id,
            child_id,
        )
    )


async def overlapping(connection: Connection, child_id: UUID, period: Period) -> bool:
    """Whether the child is declared absent on one of these days already, by whichever home."""
    found = await connection.fetchval(
        """SELECT EXISTS (SELECT FROM absence WHERE child_id = $1 AND state <> 'withdrawn'
                          AND first_day <= $3 AND last_day >= $2)""",
        child_id,
        period.first,
        period.last,
    )
    return bool(found)


async def add(
    connection: Connection, absence: Absence, *, by: UUID | None, by_staff: bool, now: datetime
) -> None:
    """Keep a new absence."""
    await connection.execute(
        """INSERT INTO absence (absence_id, family_id, child_id, first_day, last_day, reason_kind,
               state, declared_at, declared_by, by_staff)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        absence.absence_id,
        absence.family_id,
        absence.child_id,
        absence.period.first,
        absence.period.last,
        absence.reason_kind,
        absence.state,
        now,
        by,
        by_staff,
    )


async def lock(connection: Connection, absence_id: UUID, family_id: UUID | None) -> Absence:
    """The absence, locked; another family's is none (None: any family's). Raises UnknownAbsence."""
    row = await connection.fetchrow(
        """SELECT * FROM absence WHERE absence_id = $1 AND ($2::uuid IS NULL OR family_id = $2)
           FOR UPDATE""",
        absence_id,
        family_id,
    )
    if row is None:
        raise UnknownAbsence
    return _absence(row)


async def lock_open(connection: Connection, family_id: UUID, child_id: UUID) -> list[Absence]:
    """The absences of a child that wait for a certificate, locked."""
    rows = await connection.fetch(
        """SELECT * FROM absence WHERE family_id = $1 AND child_id = $2 AND state = 'declared'
           ORDER BY first_day FOR UPDATE""",
        family_id,
        child_id,
    )
    return [_absence(row) for row in rows]


async def decide(
    connection: Connection, absence: Absence, *, by: UUID | None, now: datetime
) -> None:
    """Write what became of it."""
    await connection.execute(
        """UPDATE absence SET state = $2, certificate_on = $3, document_id = $4, refusal = $5,
               overridden = $6, decided_by = $7, decided_at = $8, version = $9
           WHERE absence_id = $1""",
        absence.absence_id,
        absence.state,
        absence.certificate_on,
        absence.document_id,
        absence.refusal,
        absence.overridden,
        by,
        now,
        absence.version,
    )


async def missed(connection: Connection, absence: Absence) -> list[MissedSession]:
    """The sessions that the family holds for the child on these days, in the order of locking."""
    rows = await connection.fetch(
        MISSED, absence.child_id, absence.family_id, absence.period.first, absence.period.last
    )
    return [MissedSession(row["session_id"], row["activity_id"], row["date"]) for row in rows]


async def rules(connection: Connection, activities: Collection[UUID]) -> dict[UUID, AbsenceRule]:
    """The rules of these activities."""
    rows = await connection.fetch(
        "SELECT activity_id, absence_rule FROM activity WHERE activity_id = ANY($1)",
        list(activities),
    )
    return {row["activity_id"]: AbsenceRule.model_validate(row["absence_rule"]) for row in rows}


async def keep_certificate(connection: Connection, certificate: Certificate) -> bool:
    """Take this state of a certificate unless ours is as new; tells whether it was taken."""
    taken = await connection.fetchval(
        """INSERT INTO certificate (document_id, version, family_id, child_id, state, deposited_at,
               absence_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (document_id) DO UPDATE SET version = $2, state = $5
           WHERE certificate.version < $2
           RETURNING true""",
        certificate.document_id,
        certificate.version,
        certificate.family_id,
        certificate.child_id,
        certificate.state,
        certificate.deposited_at,
        certificate.absence_id,
    )
    return bool(taken)


async def unused_certificates(
    connection: Connection, family_id: UUID, child_id: UUID
) -> list[Certificate]:
    """The child's certificates that no absence rests on."""
    return [Certificate(**row) for row in await connection.fetch(UNUSED, family_id, child_id)]


def _absence(row: Any) -> Absence:
    return Absence(
        absence_id=row["absence_id"],
        family_id=row["family_id"],
        child_id=row["child_id"],
        period=Period(row["first_day"], row["last_day"]),
        reason_kind=row["reason_kind"],
        state=row["state"],
        certificate_on=row["certificate_on"],
        document_id=row["document_id"],
        refusal=row["refusal"],
        overridden=row["overridden"],
        version=row["version"],
    )
