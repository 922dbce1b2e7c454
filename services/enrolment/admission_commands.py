"""Settle how children get into activities, and pass on the places of a family that is erased."""

from datetime import datetime
from uuid import UUID

from services.chassis.clock import paris_date
from services.chassis.database import Connection
from services.enrolment import admission_repository, enrolments_repository, offers_repository
from services.enrolment.admission_model import Admission
from services.enrolment.enrolments_commands import fill_places


async def settle_admission(
    connection: Connection, admission: Admission, now: datetime
) -> Admission:
    """Settle it from now on; places that are added go to those who wait, where they do so."""
    activity = await offers_repository.lock_activity(connection, admission.activity_id)
    await admission_repository.save(connection, admission)
    await fill_places(connection, activity, admission, now)
    return admission


async def pass_places_on(connection: Connection, family_id: UUID, now: datetime) -> None:
    """Drop what an erased family has and asks for; its places go to who waits, as ever."""
    today, left = paris_date(now), []
    for activity_id in await enrolments_repository.attended(connection, family_id, today):
        activity = await offers_repository.activity(connection, activity_id)
        left.append((activity, await admission_repository.lock(connection, activity_id)))
    await enrolments_repository.drop_unfinished(connection, family_id, today)
    for activity, admission in left:
        await fill_places(connection, activity, admission, now)
