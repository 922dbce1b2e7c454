"""What certificates are fed by: activities, enrolments, attendance, payments."""

from datetime import date

from contracts.events.billing import ChargesPaid, ChargesPaidV2
from contracts.events.enrolment import (
    ActivityPublished,
    EnrolmentAccepted,
    EnrolmentRefused,
    EnrolmentWithdrawn,
)
from contracts.events.reservations import AttendanceRecorded
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.intake import on
from services.documents.repository import certificate as copies
from services.documents.repository.certificate import PaidBy, PaidPart


async def activity_published(connection: Connection, event: ActivityPublished) -> None:
    """Keep what papers call the activity."""
    await copies.keep_activity(
        connection, event.activity_id, event.version, event.name, event.kind, event.place
    )


async def enrolment_accepted(connection: Connection, event: EnrolmentAccepted) -> None:
    """A child is enrolled for these dates."""
    await _keep_enrolment(connection, event, (event.starts_on, event.ends_on))


async def enrolment_refused(connection: Connection, event: EnrolmentRefused) -> None:
    """A child is not enrolled."""
    await _keep_enrolment(connection, event, None)


async def enrolment_withdrawn(connection: Connection, event: EnrolmentWithdrawn) -> None:
    """A child leaves after its last day, or never came in."""
    if event.ends_on is None:
        await _keep_enrolment(connection, event, None)
        return
    await copies.end_enrolment(
        connection,
        event.enrolment_id,
        event.version,
        family_id=event.family_id,
        child_id=event.child_id,
        activity_id=event.activity_id,
        school_year=event.school_year,
        ends_on=event.ends_on,
    )


async def attendance_recorded(connection: Connection, event: AttendanceRecorded) -> None:
    """The roll tells who came."""
    await copies.keep_attendance(
        connection,
        event.attendance_id,
        event.version,
        family_id=event.family_id,
        child_id=event.child_id,
        activity_id=event.activity_id,
        day=event.date,
        is_present=event.state == "present",
    )


async def charges_paid(connection: Connection, event: ChargesPaid | ChargesPaidV2) -> None:
    """Money paid for children's use of activities; told in two versions, it is kept once."""
    parts = [
        PaidPart(p.invoice_number, p.child_id, p.activity_id, p.period, p.amount_cents)
        for p in event.portions
    ]
    received_on = paris_date(event.received_at)
    payment = PaidBy(event.payment_id, event.family_id, received_on, event.method)
    await copies.keep_payment(connection, payment, parts)


async def _keep_enrolment(
    connection: Connection,
    event: EnrolmentAccepted | EnrolmentRefused | EnrolmentWithdrawn,
    dates: tuple[date, date] | None,
) -> None:
    await copies.keep_enrolment(
        connection,
        event.enrolment_id,
        event.version,
        family_id=event.family_id,
        child_id=event.child_id,
        activity_id=event.activity_id,
        school_year=event.school_year,
        dates=dates,
    )


SUBSCRIPTIONS = (
    on(ActivityPublished, activity_published),
    on(EnrolmentAccepted, enrolment_accepted),
    on(EnrolmentRefused, enrolment_refused),
    on(EnrolmentWithdrawn, enrolment_withdrawn),
    on(AttendanceRecorded, attendance_recorded),
    on(ChargesPaid, charges_paid),
    on(ChargesPaidV2, charges_paid),
)
