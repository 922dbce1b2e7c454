"""School years, schools and activities; copies of families, of papers and their kinds."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import FieldError
from services.enrolment import publishing
from services.enrolment.errors import (
    BadActivity,
    SchoolYearInUse,
    UnknownSchoolYear,
)
from services.enrolment.model.activities import Activity, Family, School
from services.enrolment.model.offers import Offer
from services.enrolment.model.papers import DocumentType, Paper
from services.enrolment.model.years import SchoolYear
from services.enrolment.repository import offers, papers, town


async def open_school_year(connection: Connection, year: SchoolYear) -> SchoolYear:
    """Open the year, or correct its dates while nothing rests on them."""
    try:
        known = await town.lock_school_year(connection, year.label)
    except UnknownSchoolYear:
        known = None
    if known and known != year and await town.has_activities(connection, year.label):
        raise SchoolYearInUse
    await town.save_school_year(connection, year)
    return year


async def name_school(connection: Connection, school: School) -> School:
    """Add the school, or give it this name and address."""
    await town.save_school(connection, school)
    return school


async def publish_activity(connection: Connection, offer: Offer) -> Activity:
    """Publish the activity of this code and year, or its change; the same again changes nothing."""
    year = await town.lock_school_year(connection, offer.school_year)
    offer.check_year(year)
    known = await offers.activity_by_code(connection, offer.school_year, offer.code)
    await _check_document_types(connection, offer, known)
    if known is None:
        activity = Activity(uuid4(), 1, offer)
    else:
        in_use = await town.has_accepted_enrolments(connection, known.activity_id)
        activity = known.published_as(offer, in_use=in_use)
    if activity != known:
        await offers.save_activity(connection, activity)
        await outbox.append_all(connection, publishing.published(activity))
    return activity


async def tell_in_version_two(connection: Connection) -> int:
    """Tell the activities that were told in version 1 alone, once; tells how many.

    As a new version of each, for who reads version 2 may know the present one from version 1.
    """
    untold = await offers.told_in_version_one(connection)
    for activity in untold:
        told = replace(activity, version=activity.version + 1)
        await offers.save_activity(connection, told)
        await outbox.append_all(connection, publishing.published(told))
    return len(untold)


async def _check_document_types(
    connection: Connection, offer: Offer, known: Activity | None
) -> None:
    # What it asked for already stays: a kind given up later must not block other changes.
    added = set(offer.document_types) - set(known.offer.document_types if known else ())
    unknown = await papers.unknown_types(connection, sorted(added))
    if unknown:
        message = f"Pièce inconnue : {', '.join(unknown)}. Choisissez dans la liste des pièces."
        raise BadActivity(errors=[FieldError("document_types", message)])


async def keep_family(connection: Connection, family: Family) -> None:
    """Follow a family's file; an older state than ours is ignored."""
    await town.keep_family(connection, family)


async def keep_document_types(
    connection: Connection, version: int, kinds: Sequence[DocumentType]
) -> None:
    """Follow the kinds of document that the town asks for; an older list is ignored."""
    await papers.keep_types(connection, version, kinds)


async def keep_paper(connection: Connection, paper: Paper) -> None:
    """Follow where a family's document stands; an older state than ours is ignored."""
    await papers.keep_paper(connection, paper)
