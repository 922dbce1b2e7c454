"""The enrolment service, composed."""

from pathlib import Path

from aiohttp import web

from services.chassis.app import run, service_application
from services.chassis.clock import Clock, utc_now
from services.chassis.settings import ServiceSettings
from services.enrolment.jobs import JOBS
from services.enrolment.personal_data import PERSONAL
from services.enrolment.routes import ENDPOINTS
from services.enrolment.subscribers import SUBSCRIPTIONS

NAME = "enrolment"


def application(settings: ServiceSettings, clock: Clock = utc_now) -> web.Application:
    """The service from its parts; nothing connects before it starts."""
    return service_application(
        name=NAME,
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=SUBSCRIPTIONS,
        jobs=JOBS,
        personal=PERSONAL,
        migrations=Path(__file__).parent / "migrations",
        clock=clock,
    )


def main() -> None:
    """Serve until told to stop."""
    settings = ServiceSettings()
    run(application(settings), settings, NAME)


if __name__ == "__main__":
    main()
