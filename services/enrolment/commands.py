"""The use cases of enrolment, each in the transaction that its edge opened."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from services.chassis import outbox
from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.chassis.errors import FieldError
from services.enrolment import offers_repository, papers_repository, publishing, repository
from services.enrolment.errors import (
    BadActivity,
    RegulationsNotAccepted,
    SchoolYearInUse,
    UnknownChild,
    UnknownSchoolYear,
)
from services.enrolment.model import (
    Activity,
    Child,
    Enrolment,
    Family,
    Offer,
    Regulations,
    School,
    SchoolYear,
)
from services.enrolment.papers_model import DocumentType, Paper


async def open_school_year(connection: Connection, year: SchoolYear) -> SchoolYear:
    """Open the year, or correct its dates while nothing rests on them."""
    try:
        known = await repository.lock_school_year(connection, year.label)
    except UnknownSchoolYear:
        known = None
    if known and known != year and await repository.has_activities(connection, year.label):
        raise SchoolYearInUse
    await repository.save_school_year(connection, year)
    return year


async def name_school(connection: Connection, school: School) -> School:
    """Add the school, or give it this name and address."""
    await repository.save_school(connection, school)
    return school


async def publish_regulations(
    connection: Connection, *, label: str, title: str, text: str, now: datetime
) -> Regulations:
    """Publish the year's house rules; the same text again is no new version."""
    await repository.lock_school_year(connection, label)
    current = await repository.current_regulations(connection, label)
    if current and (current.title, current.text) == (title, text):
        return current
    version = current.version + 1 if current else 1
    regulations = Regulations(label, version, title, text, now)
    await repository.insert_regulations(connection, regulations)
    return regulations


async def publish_activity(connection: Connection, offer: Offer) -> Activity:
    """Publish the activity of this code and year, or its change; the same again changes nothing."""
    year = await repository.lock_school_year(connection, offer.school_year)
    offer.check_year(year)
    known = await offers_repository.activity_by_code(connection, offer.school_year, offer.code)
    await _check_document_types(connection, offer, known)
    if known is None:
        activity = Activity(uuid4(), 1, offer)
    else:
        in_use = await repository.has_accepted_enrolments(connection, known.activity_id)
        activity = known.published_as(offer, in_use=in_use)
    if activity != known:
        await offers_repository.save_activity(connection, activity)
        await outbox.append_all(connection, publishing.published(activity))
    return activity


async def tell_in_version_two(connection: Connection) -> int:
    """Tell the activities that were told in version 1 alone, once; tells how many.

    As a new version of each, for who reads version 2 may know the present one from version 1.
    """
    untold = await offers_repository.told_in_version_one(connection)
    for activity in untold:
        told = replace(activity, version=activity.version + 1)
        await offers_repository.save_activity(connection, told)
        await outbox.append_all(connection, publishing.published(told))
    return len(untold)


async def _check_document_types(
    connection: Connection, offer: Offer, known: Activity | None
) -> None:
    # What it asked for already stays: a kind given up later must not block other changes.
    added = set(offer.document_types) - set(known.offer.document_types if known else ())
    unknown = await papers_repository.unknown_types(connection, sorted(added))
    if unknown:
        message = f"Pièce inconnue : {', '.join(unknown)}. Choisissez dans la liste des pièces."
        raise BadActivity(errors=[FieldError("document_types", message)])


async def request_enrolment(
    connection: Connection,
    *,
    family_id: UUID | None,
    child_id: UUID,
    activity_id: UUID,
    regulations_accepted: bool,
    now: datetime,
    by: UUID | None,
) -> Enrolment:
    """Hand in a family's request. Without a family (staff), the child's only home is meant."""
    if not regulations_accepted:
        message = "Acceptez le règlement intérieur pour inscrire l’enfant."
        raise RegulationsNotAccepted(errors=[FieldError("regulations_accepted", message)])
    activity = await offers_repository.activity(connection, activity_id)
    home, child = await _home_of(connection, child_id, family_id)
    year = await repository.school_year(connection, activity.offer.school_year)
    activity.check_open_to(child, year, paris_date(now))
    regulations = await repository.current_regulations(connection, year.label)
    enrolment = Enrolment.request(
        uuid4(),
        family_id=home,
        child_id=child_id,
        activity=activity,
        regulations_version=regulations.version if regulations else None,
        now=now,
        by=by,
    )
    await repository.insert_enrolment(connection, enrolment)
    await outbox.append(connection, publishing.reached(enrolment))
    return enrolment


async def _home_of(
    connection: Connection, child_id: UUID, family_id: UUID | None
) -> tuple[UUID, Child]:
    homes = await repository.homes_of(connection, child_id, family_id)
    if not homes:
        raise UnknownChild
    if len(homes) > 1:
        raise UnknownChild(
            "L’enfant a deux foyers : précisez lequel.",
            errors=[FieldError("family_id", "Précisez la famille qui demande.")],
        )
    return homes[0]


async def accept_enrolment(
    connection: Connection, enrolment_id: UUID, *, now: datetime, by: UUID | None
) -> Enrolment:
    """The child is enrolled over the activity's period."""
    enrolment = await repository.lock_enrolment(connection, enrolment_id)
    activity = await offers_repository.activity(connection, enrolment.activity_id)
    return await _decide(connection, enrolment, enrolment.accept(activity, now, by))


async def refuse_enrolment(
    connection: Connection, enrolment_id: UUID, *, reason: str, now: datetime, by: UUID | None
) -> Enrolment:
    """The request is refused, with a reason that the family reads."""
    enrolment = await repository.lock_enrolment(connection, enrolment_id)
    return await _decide(connection, enrolment, enrolment.refuse(reason, now, by))


async def _decide(connection: Connection, before: Enrolment, after: Enrolment) -> Enrolment:
    if after.version != before.version:
        await repository.save_decision(connection, after)
        await outbox.append(connection, publishing.reached(after))
    return after


async def keep_family(connection: Connection, family: Family) -> None:
    """Follow a family's file; an older state than ours is ignored."""
    await repository.keep_family(connection, family)


async def keep_document_types(
    connection: Connection, version: int, kinds: Sequence[DocumentType]
) -> None:
    """Follow the kinds of document that the town asks for; an older list is ignored."""
    await papers_repository.keep_types(connection, version, kinds)


async def keep_paper(connection: Connection, paper: Paper) -> None:
    """Follow where a family's document stands; an older state than ours is ignored."""
    await papers_repository.keep_paper(connection, paper)
