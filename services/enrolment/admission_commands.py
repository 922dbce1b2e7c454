"""Settle how children get into an activity."""

from datetime import datetime

from services.chassis.database import Connection
from services.enrolment import admission_repository, offers_repository
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
