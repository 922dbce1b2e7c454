"""Settle how children get into activities, and pass on the places of a family that is erased."""

from datetime import datetime
from uuid import UUID

from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.enrolment.commands.decisions import fill_places
from services.enrolment.model.admission import Admission
from services.enrolment.repository import admissions, enrolments, offers


async def settle_admission(
    connection: Connection, admission: Admission, now: datetime
) -> Admission:
    """Settle it from now on; places that are added go to those who wait, where they do so."""
    activity = await offers.lock_activity(connection, admission.activity_id)
    await admissions.save(connection, admission)
    await fill_places(connection, activity, admission, now)
    return admission


async def pass_places_on(connection: Connection, family_id: UUID, now: datetime) -> None:
    """Drop what an erased family has and asks for; its places go to who waits, as ever."""
    today, left = paris_date(now), []
    for activity_id in await enrolments.attended(connection, family_id, today):
        activity = await offers.activity(connection, activity_id)
        left.append((activity, await admissions.lock(connection, activity_id)))
    await enrolments.drop_unfinished(connection, family_id, today)
    for activity, admission in left:
        await fill_places(connection, activity, admission, now)
