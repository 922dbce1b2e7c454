"""Put in the official calendar as the ministry publishes it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.database import Connection
from services.reservations.commands.follow_calendar import follow_calendar
from services.reservations.model.official_file import read_official_file
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.repository import calendars


@dataclass(frozen=True, slots=True)
class PutIn:
    """The school years of the file, and how many activities follow it since."""

    labels: tuple[str, ...]
    activities: int


async def put_in_calendar(
    connection: Connection,
    content: bytes,
    shipped: SchoolCalendar,
    *,
    now: datetime,
    by: UUID | None,
) -> PutIn:
    """Take the file's school years in place of those known; sessions follow at once.

    Raises BadCalendarFile.
    """
    years = read_official_file(content, shipped.zone)
    await calendars.put_in(connection, shipped.zone, years, now=now, by=by)
    followed = await follow_calendar(connection, shipped, now)
    return PutIn(tuple(year.label for year in years), followed)
