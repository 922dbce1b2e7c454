"""What billing listens to: family files, activities, reservations, attendance."""

from collections.abc import Sequence
from datetime import date

from contracts.events.accounts import FamiliesMerged, FamilyFileUpdated
from contracts.events.enrolment import ActivityPublished, EnrolmentAccepted, EnrolmentWithdrawn
from contracts.events.reservations import (
    AttendanceRecorded,
    ReservationCancelled,
    ReservationMade,
)
from services.billing.commands.keep_copies import keep_activity, keep_enrolment, keep_family
from services.billing.commands.merge_families import merge_families
from services.billing.commands.record_units import record_units
from services.billing.model.families import Child, Enrolled, Family, addressee, family_label
from services.billing.model.stays import minute_of, minute_within
from services.billing.model.units import Attended, Mark, News, Place, Reserved, Unit
from services.chassis import renamed
from services.chassis.database import Connection
from services.chassis.intake import on, on_row

Told = ReservationMade | ReservationCancelled | AttendanceRecorded


async def family_file_updated(connection: Connection, event: FamilyFileUpdated) -> None:
    """Keep the part of the file that prices and letters need."""
    if await renamed.present_one(connection, event.family_id) != event.family_id:
        return  # merged into another family since: what it says is that one's file's to say
    guardians, address = event.guardians, event.address
    names = [f"{g.first_name} {g.last_name.upper()}" for g in guardians]
    family = Family(
        family_id=event.family_id,
        record_version=event.record_version,
        reference=event.reference,
        label=family_label(g.last_name for g in guardians),
        resident=event.resident,
        quotient=event.quotient,
        quotient_until=event.quotient_valid_until,
        mail=next((g.mail for g in guardians if g.mail), None),
        addressee=tuple(addressee(names, address.lines, address.postcode, address.city)),
        children=tuple(
            Child(c.child_id, c.first_name, c.last_name, c.diet == "own_meal", c.birth_date)
            for c in event.children
        ),
    )
    await keep_family(connection, family)


async def activity_published(connection: Connection, event: ActivityPublished) -> None:
    """Keep what lines call the activity."""
    await keep_activity(
        connection,
        event.activity_id,
        version=event.version,
        name=event.name,
        kind=event.kind,
        school_year=event.school_year,
        hours=(minute_of(event.starts_at), minute_of(event.ends_at)),
    )


async def enrolment_accepted(connection: Connection, event: EnrolmentAccepted) -> None:
    """The child counts among those who are enrolled."""
    await keep_enrolment(connection, await _enrolled(connection, event, event.starts_on))


async def enrolment_withdrawn(connection: Connection, event: EnrolmentWithdrawn) -> None:
    """The child counts until its last day."""
    await keep_enrolment(connection, await _enrolled(connection, event, None))


async def _enrolled(
    connection: Connection, event: EnrolmentAccepted | EnrolmentWithdrawn, starts_on: date | None
) -> Enrolled:
    known = await renamed.present(connection, [event.family_id, event.child_id])
    return Enrolled(
        enrolment_id=event.enrolment_id,
        version=event.version,
        family_id=known[event.family_id],
        child_id=known[event.child_id],
        activity_id=event.activity_id,
        starts_on=starts_on,
        ends_on=event.ends_on,
    )


async def units_told(connection: Connection, events: Sequence[Told]) -> None:
    """Places kept and given back, who came: each is charged as the last word on it says."""
    known = await renamed.present(
        connection, [name for event in events for name in (event.family_id, event.child_id)]
    )
    present = [
        event.model_copy(
            update={"family_id": known[event.family_id], "child_id": known[event.child_id]}
        )
        for event in events
    ]
    await record_units(connection, [(_unit(event), _news(event)) for event in present])


def _news(event: Told) -> News:
    match event:
        case ReservationMade():
            # It is charged, with a surcharge when it came late.
            state = Reserved.KEPT_LATE if event.late else Reserved.KEPT
            return Place(event.version, state, event.family_id)
        case ReservationCancelled():
            return Place(event.version, _given_back(event), event.family_id)
        case AttendanceRecorded():
            return _mark(event)


def _given_back(event: ReservationCancelled) -> Reserved:
    """Charged if that came too late, unless the town closed."""
    if event.cause == "closure":
        return Reserved.CLOSED
    return Reserved.CANCELLED_LATE if event.late else Reserved.CANCELLED


def _mark(event: AttendanceRecorded) -> Mark:
    return Mark(
        version=event.version,
        state=Attended(event.state),
        family_id=event.family_id,
        expected=event.reservation_id is not None,
        arrived_minute=minute_within(event.arrived_at, event.date),
        left_minute=minute_within(event.left_at, event.date),
    )


async def families_merged(connection: Connection, event: FamiliesMerged) -> None:
    """Two families are one."""
    children = {c.merged_child_id: c.child_id for c in event.children}
    await merge_families(connection, event.family_id, event.merged_family_id, children)


def _unit(event: Told) -> Unit:
    return Unit(event.child_id, event.session_id, event.activity_id, event.date)


SUBSCRIPTIONS = (
    on(FamilyFileUpdated, family_file_updated),
    on(FamiliesMerged, families_merged),
    on(ActivityPublished, activity_published),
    on(EnrolmentAccepted, enrolment_accepted),
    on(EnrolmentWithdrawn, enrolment_withdrawn),
    on_row(ReservationMade, units_told),
    on_row(ReservationCancelled, units_told),
    on_row(AttendanceRecorded, units_told),
)
