"""What reservations listens to: activities, enrolments, family files."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from contracts.events.accounts import FamiliesMerged, FamilyFileUpdated
from contracts.events.documents import DocumentStateChanged
from contracts.events.enrolment import (
    ActivityPublishedV2,
    EnrolmentAccepted,
    EnrolmentWithdrawn,
)
from services.chassis import renamed
from services.chassis.clock import Clock
from services.chassis.database import Connection
from services.chassis.intake import Subscription, on
from services.reservations.commands import absences, keep_copies
from services.reservations.commands.merge_families import merge_families
from services.reservations.commands.serve_lines import keep_place_rules
from services.reservations.commands.withdraw import withdraw_child
from services.reservations.model.absences import Certificate
from services.reservations.model.activities import Activity
from services.reservations.model.families import (
    Child,
    ChildNotes,
    Consent,
    Enrolment,
    Family,
    PickUp,
    Withdrawal,
)
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.model.waiting import AgeGroup, PlaceRules

MEDICAL_CERTIFICATE = "medical_certificate"
GUARDIAN = "Responsable légal"


def subscriptions(calendar: SchoolCalendar, clock: Clock) -> Sequence[Subscription]:
    """The events, and what each one does here; sessions follow this calendar."""

    async def activity_published(connection: Connection, event: ActivityPublishedV2) -> None:
        await keep_place_rules(connection, place_rules(event), clock())
        await keep_copies.keep_activity(connection, activity(event), calendar, clock())

    async def enrolment_withdrawn(connection: Connection, event: EnrolmentWithdrawn) -> None:
        known = await renamed.present(connection, [event.family_id, event.child_id])
        gone = Withdrawal(
            enrolment_id=event.enrolment_id,
            version=event.version,
            family_id=known[event.family_id],
            child_id=known[event.child_id],
            activity_id=event.activity_id,
            last_day=event.ends_on,
        )
        await withdraw_child(connection, gone, clock())

    async def document_state_changed(connection: Connection, event: DocumentStateChanged) -> None:
        if event.document_type != MEDICAL_CERTIFICATE or event.child_id is None:
            return
        known = await renamed.present(connection, [event.family_id, event.child_id])
        told = certificate(event, known[event.family_id], known[event.child_id])
        await absences.keep_certificate(connection, told, clock())

    return (
        on(ActivityPublishedV2, activity_published),
        on(DocumentStateChanged, document_state_changed),
        on(FamilyFileUpdated, family_file_updated),
        on(EnrolmentAccepted, enrolment_accepted),
        on(EnrolmentWithdrawn, enrolment_withdrawn),
        on(FamiliesMerged, families_merged),
    )


async def family_file_updated(connection: Connection, event: FamilyFileUpdated) -> None:
    """Keep the part of the file that the day's lists need."""
    if await renamed.present_one(connection, event.family_id) != event.family_id:
        return  # merged into another family since: what it says is that one's file's to say
    await keep_copies.keep_family(connection, family(event))


async def enrolment_accepted(connection: Connection, event: EnrolmentAccepted) -> None:
    """The child may reserve from now on."""
    known = await renamed.present(connection, [event.family_id, event.child_id])
    told = replace(
        enrolment(event), family_id=known[event.family_id], child_id=known[event.child_id]
    )
    await keep_copies.keep_enrolment(connection, told)


async def families_merged(connection: Connection, event: FamiliesMerged) -> None:
    """Two families are one."""
    children = {c.merged_child_id: c.child_id for c in event.children}
    await merge_families(connection, event.family_id, event.merged_family_id, children)


def activity(event: ActivityPublishedV2) -> Activity:
    """The activity of an event."""
    return Activity(
        activity_id=event.activity_id,
        version=event.version,
        name=event.name,
        kind=event.kind,
        school_year=event.school_year,
        place=event.place,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        days=event.days,
        weekdays=frozenset(event.weekdays),
        slots=event.slots,
        capacity=event.capacity,
        age_groups=event.age_groups,
        reserve_rule=event.reserve_rule,
        cancel_rule=event.cancel_rule,
        after_deadline=event.after_deadline,
        absence_rule=event.absence_rule,
    )


def place_rules(event: ActivityPublishedV2) -> PlaceRules:
    """How the activity of an event shares out its places."""
    return PlaceRules(
        activity_id=event.activity_id,
        version=event.version,
        waiting_mode=event.waiting_list.mode,
        answer_hours=event.waiting_list.answer_hours,
        notice_hours=event.waiting_list.notice_hours,
        age_groups=tuple(
            AgeGroup(g.name, g.min_age, g.max_age, g.capacity, g.children_per_adult)
            for g in event.age_groups
        ),
    )


def family(event: FamilyFileUpdated) -> Family:
    """The family of an event."""
    return Family(
        family_id=event.family_id,
        record_version=event.record_version,
        children=tuple(
            Child(
                child_id=child.child_id,
                first_name=child.first_name,
                last_name=child.last_name,
                birth_date=child.birth_date,
                school_class=child.school_class,
                diet=child.diet,
                allergies=child.allergies,
                custody=child.custody.model_dump(mode="json") if child.custody else None,
            )
            for child in event.children
        ),
        notes=notes(event),
    )


def notes(event: FamilyFileUpdated) -> tuple[ChildNotes, ...]:
    """What whoever looks after the children must know; their guardians may always fetch them."""
    guardians = tuple(
        PickUp(f"{g.first_name} {g.last_name}", GUARDIAN, g.phone) for g in event.guardians
    )
    return tuple(
        ChildNotes(
            child_id=child.child_id,
            school_code=child.school_code,
            pick_ups=(*guardians, *(PickUp(p.name, p.relation, p.phone) for p in child.pick_ups)),
            care_instructions=child.care_instructions,
            care_valid_until=child.care_valid_until,
            consents=tuple(Consent(c.title, c.granted) for c in child.consents),
        )
        for child in event.children
    )


def certificate(event: DocumentStateChanged, family_id: UUID, child_id: UUID) -> Certificate:
    """A medical certificate, of family and child as they are called now."""
    return Certificate(
        document_id=event.document_id,
        version=event.version,
        family_id=family_id,
        child_id=child_id,
        state=event.state,
        deposited_at=event.deposited_at,
        absence_id=event.absence_id,
    )


def enrolment(event: EnrolmentAccepted) -> Enrolment:
    """The enrolment of an event."""
    return Enrolment(
        enrolment_id=event.enrolment_id,
        version=event.version,
        family_id=event.family_id,
        child_id=event.child_id,
        activity_id=event.activity_id,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
    )
