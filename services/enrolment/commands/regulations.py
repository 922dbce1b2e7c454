"""Publish house rules, and accept them."""

from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.chassis.errors import FieldError
from services.enrolment.errors import BadRegulations, UnknownRegulations
from services.enrolment.model.activities import Activity
from services.enrolment.model.enrolments import Hand
from services.enrolment.model.regulations import Regulations
from services.enrolment.repository import offers, regulations, town


async def publish_regulations(
    connection: Connection,
    *,
    label: str,
    title: str,
    text: str,
    now: datetime,
    activity_id: UUID | None = None,
) -> Regulations:
    """Publish house rules of the year or of one activity; the same text is no new version."""
    await town.lock_school_year(connection, label)
    if activity_id:
        await _check_year(connection, activity_id, label)
    known = await _current(connection, label, activity_id)
    if known and (known.title, known.text) == (title, text):
        return known
    new = Regulations(label, known.version + 1 if known else 1, title, text, now, activity_id)
    await regulations.insert(connection, new)
    return new


async def accept_regulations(
    connection: Connection,
    family_id: UUID,
    *,
    label: str,
    activity_id: UUID | None,
    version: int,
    now: datetime,
    hand: Hand,
) -> Regulations:
    """The family accepts the text in force. Raises UnknownRegulations, OldRegulations."""
    known = await _current(connection, label, activity_id)
    if known is None or known.school_year != label:
        raise UnknownRegulations
    known.check_current(version)
    await regulations.keep_acceptances(connection, family_id, [known], now, hand)
    return known


async def accept_with_request(
    connection: Connection, family_id: UUID, activity: Activity, now: datetime, hand: Hand
) -> int | None:
    """A request accepts what is in force; tells the version of the year's rules, if there are."""
    of_year = await regulations.of_year(connection, activity.offer.school_year)
    own = await regulations.of_activity(connection, activity.activity_id)
    accepted = [text for text in (of_year, own) if text]
    await regulations.keep_acceptances(connection, family_id, accepted, now, hand)
    return of_year.version if of_year else None


async def _current(
    connection: Connection, label: str, activity_id: UUID | None
) -> Regulations | None:
    if activity_id:
        return await regulations.of_activity(connection, activity_id)
    return await regulations.of_year(connection, label)


async def _check_year(connection: Connection, activity_id: UUID, label: str) -> None:
    activity = await offers.activity(connection, activity_id)
    if activity.offer.school_year != label:
        message = f"L’activité est de l’année {activity.offer.school_year}."
        raise BadRegulations(message, errors=[FieldError("school_year", message)])
