"""The reservations service, composed."""

import json
from pathlib import Path

from aiohttp import web

from services.chassis.app import run, service_application
from services.chassis.clock import Clock, utc_now
from services.chassis.settings import ServiceSettings
from services.reservations.jobs import JOBS
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.personal_data import PERSONAL
from services.reservations.routes import ENDPOINTS, SCHOOL_CALENDAR
from services.reservations.subscribers import subscriptions

NAME = "reservations"
HERE = Path(__file__).parent


def application(settings: ServiceSettings, clock: Clock = utc_now) -> web.Application:
    """The service from its parts; nothing connects before it starts."""
    official = (HERE / "calendars" / "zone-b.json").read_text(encoding="utf-8")
    calendar = SchoolCalendar.from_data(json.loads(official))
    app = service_application(
        name=NAME,
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=subscriptions(calendar, clock),
        personal=PERSONAL,
        jobs=JOBS,
        migrations=HERE / "migrations",
        clock=clock,
    )
    app[SCHOOL_CALENDAR] = calendar
    return app


def main() -> None:
    """Serve until told to stop."""
    settings = ServiceSettings()
    run(application(settings), settings, NAME)


if __name__ == "__main__":
    main()
