"""The official school calendar that this process shows: as shipped, and as put in since."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from services.chassis.app import DATABASE
from services.chassis.database import Connection
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.repository import calendars
from services.reservations.settings import ReservationsSettings

SHIPPED = Path(__file__).parent / "calendars"


def shipped(settings: ReservationsSettings) -> SchoolCalendar:
    """The calendar of the town's zone as it comes with this version."""
    file = SHIPPED / f"zone-{settings.reservations_school_zone.lower()}.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    alsace_moselle = settings.reservations_alsace_moselle
    return SchoolCalendar.from_data(data, alsace_moselle=alsace_moselle)


class OfficialCalendar:
    """The calendar as it was last read, so that showing a month asks no database for it.

    Sessions are never made from it: whoever makes them reads the calendar anew.
    """

    def __init__(self, shipped: SchoolCalendar) -> None:
        self.shipped = shipped
        self.current = shipped

    async def refresh(self, connection: Connection) -> None:
        """Read what was put in since."""
        self.current = await calendars.official(connection, self.shipped)


OFFICIAL = web.AppKey("official_calendar", OfficialCalendar)


async def read_at_start(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: know from the start what was put in before."""
    async with app[DATABASE].connection() as connection:
        await app[OFFICIAL].refresh(connection)
    yield
