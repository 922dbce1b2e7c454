"""The write SQL of certificates and of the copies that they certify."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.chassis.database import Connection
from services.documents.model.certificate import Child, KeptCertificate


async def keep_household(
    connection: Connection,
    family_id: UUID,
    record_version: int,
    reference: str,
    addressee: Sequence[str],
    children: Sequence[Child],
) -> None:
    """Replace the copy of a family unless ours is as new already."""
    newer = await connection.fetchval(
        """INSERT INTO certified_family (family_id, record_version, reference, addressee)
           VALUES ($1, $2, $3, $4)
           ON CONFLICT (family_id) DO UPDATE SET record_version = excluded.record_version,
               reference = excluded.reference, addressee = excluded.addressee
           WHERE certified_family.record_version < excluded.record_version RETURNING true""",
        family_id,
        record_version,
        reference,
        list(addressee),
    )
    if not newer:
        return
    await connection.execute("DELETE FROM certified_child WHERE family_id = $1", family_id)
    await connection.executemany(
        """INSERT INTO certified_child (family_id, child_id, first_name, last_name, birth_date)
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING""",
        [(family_id, c.child_id, c.first_name, c.last_name, c.birth_date) for c in children],
    )


async def keep_activity(
    connection: Connection, activity_id: UUID, version: int, name: str, kind: str, place: str
) -> None:
    """Keep what papers call an activity, unless ours is as new already."""
    await connection.execute(
        """INSERT INTO certified_activity (activity_id, version, name, kind, place)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (activity_id) DO UPDATE SET version = excluded.version,
               name = excluded.name, kind = excluded.kind, place = excluded.place
           WHERE certified_activity.version < excluded.version""",
        activity_id,
        version,
        name,
        kind,
        place,
    )


async def keep_enrolment(
    connection: Connection,
    enrolment_id: UUID,
    version: int,
    *,
    family_id: UUID,
    child_id: UUID,
    activity_id: UUID,
    school_year: str,
    dates: tuple[date, date] | None,
) -> None:
    """Keep an enrolment, accepted for these dates or not, unless ours is as new already."""
    await connection.execute(
        """INSERT INTO certified_enrolment (enrolment_id, version, family_id, child_id,
               activity_id, school_year, is_accepted, starts_on, ends_on)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (enrolment_id) DO UPDATE SET version = excluded.version,
               is_accepted = excluded.is_accepted, starts_on = excluded.starts_on,
               ends_on = excluded.ends_on
           WHERE certified_enrolment.version < excluded.version""",
        enrolment_id,
        version,
        family_id,
        child_id,
        activity_id,
        school_year,
        dates is not None,
        *(dates or (None, None)),
    )


async def end_enrolment(
    connection: Connection,
    enrolment_id: UUID,
    version: int,
    *,
    family_id: UUID,
    child_id: UUID,
    activity_id: UUID,
    school_year: str,
    ends_on: date,
) -> None:
    """Let an enrolment end on this day, unless ours is as new already.

    One whose beginning was never told certifies nothing.
    """
    await connection.execute(
        """INSERT INTO certified_enrolment (enrolment_id, version, family_id, child_id,
               activity_id, school_year, is_accepted, ends_on)
           VALUES ($1, $2, $3, $4, $5, $6, false, $7)
           ON CONFLICT (enrolment_id) DO UPDATE SET version = excluded.version,
               ends_on = excluded.ends_on
           WHERE certified_enrolment.version < excluded.version""",
        enrolment_id,
        version,
        family_id,
        child_id,
        activity_id,
        school_year,
        ends_on,
    )


async def keep_attendance(
    connection: Connection,
    attendance_id: UUID,
    version: int,
    *,
    family_id: UUID,
    child_id: UUID,
    activity_id: UUID,
    day: date,
    is_present: bool,
) -> None:
    """Keep what the roll says, unless ours is as new already."""
    await connection.execute(
        """INSERT INTO certified_attendance (attendance_id, version, family_id, child_id,
               activity_id, date, is_present)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (attendance_id) DO UPDATE SET version = excluded.version,
               family_id = excluded.family_id, is_present = excluded.is_present
           WHERE certified_attendance.version < excluded.version""",
        attendance_id,
        version,
        family_id,
        child_id,
        activity_id,
        day,
        is_present,
    )


@dataclass(frozen=True, slots=True)
class PaidPart:
    """What a payment paid of one line of an invoice."""

    invoice_number: str
    child_id: UUID
    activity_id: UUID
    period: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class PaidBy:
    """A payment, or what takes one back; `method` as its event says."""

    payment_id: UUID
    family_id: UUID
    received_on: date
    method: str


async def keep_payment(connection: Connection, by: PaidBy, parts: Sequence[PaidPart]) -> None:
    """Keep what a payment paid; the same payment told again changes nothing."""
    await connection.executemany(
        """INSERT INTO certified_payment (payment_id, position, family_id, received_on,
               invoice_number, child_id, activity_id, period, amount_cents, method)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING""",
        [
            (
                by.payment_id,
                position,
                by.family_id,
                by.received_on,
                part.invoice_number,
                part.child_id,
                part.activity_id,
                part.period,
                part.amount_cents,
                by.method,
            )
            for position, part in enumerate(parts)
        ],
    )


async def add(connection: Connection, certificate: KeptCertificate) -> None:
    """Keep a certificate that was made."""
    await connection.execute(
        """INSERT INTO certificate (certificate_id, code_hash, family_id, kind, sealed, issued_at,
               issued_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        certificate.certificate_id,
        certificate.code_hash,
        certificate.family_id,
        certificate.kind,
        certificate.sealed,
        certificate.issued_at,
        certificate.issued_by,
    )
