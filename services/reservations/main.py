"""The reservations service, composed."""

import json
from pathlib import Path

from aiohttp import web

from services.chassis.app import run, service_application
from services.chassis.clock import Clock, utc_now
from services.reservations.jobs import jobs
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.personal_data import PERSONAL
from services.reservations.roll_routes import KITCHEN_ORDER_AT, SCHOOL_CALENDAR
from services.reservations.routes import ENDPOINTS
from services.reservations.settings import ReservationsSettings
from services.reservations.subscribers import subscriptions

NAME = "reservations"
HERE = Path(__file__).parent


def application(settings: ReservationsSettings, clock: Clock = utc_now) -> web.Application:
    """The service from its parts; nothing connects before it starts."""
    official = (HERE / "calendars" / "zone-b.json").read_text(encoding="utf-8")
    calendar = SchoolCalendar.from_data(json.loads(official))
    app = service_application(
        name=NAME,
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=subscriptions(calendar, clock),
        jobs=jobs(settings.kitchen_order_at, calendar),
        personal=PERSONAL,
        migrations=HERE / "migrations",
        clock=clock,
    )
    app[SCHOOL_CALENDAR] = calendar
    app[KITCHEN_ORDER_AT] = settings.kitchen_order_at
    return app


def main() -> None:
    """Serve until told to stop."""
    settings = ReservationsSettings()
    run(application(settings), settings, NAME)


if __name__ == "__main__":
    main()
