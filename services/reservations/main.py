"""The reservations service, composed."""

from pathlib import Path

from aiohttp import web

from services.chassis.app import run, service_application
from services.chassis.clock import Clock, utc_now
from services.reservations.jobs import JOBS
from services.reservations.official_calendar import (
    OFFICIAL,
    OfficialCalendar,
    read_at_start,
    shipped,
)
from services.reservations.personal_data import PERSONAL
from services.reservations.routes import ENDPOINTS
from services.reservations.settings import KITCHEN_ORDER_AT, ReservationsSettings
from services.reservations.subscribers import subscriptions

NAME = "reservations"


def application(settings: ReservationsSettings, clock: Clock = utc_now) -> web.Application:
    """The service from its parts; nothing connects before it starts."""
    calendar = shipped(settings)
    app = service_application(
        name=NAME,
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=subscriptions(calendar, clock),
        jobs=JOBS,
        resources=[read_at_start],
        personal=PERSONAL,
        migrations=Path(__file__).parent / "migrations",
        clock=clock,
    )
    app[OFFICIAL] = OfficialCalendar(calendar)
    app[KITCHEN_ORDER_AT] = settings.kitchen_order_at
    return app


def main() -> None:
    """Serve until told to stop."""
    settings = ReservationsSettings()
    run(application(settings), settings, NAME)


if __name__ == "__main__":
    main()
