"""The notifications service, put together."""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from services.chassis.app import run, service_application
from services.chassis.clock import Clock, utc_now
from services.notifications.channels.post import POST, Post
from services.notifications.jobs import JOBS
from services.notifications.personal_data import PERSONAL
from services.notifications.routes import ENDPOINTS
from services.notifications.settings import NotificationsSettings
from services.notifications.subscribers import SUBSCRIPTIONS


def application(settings: NotificationsSettings, clock: Clock = utc_now) -> web.Application:
    """The service as an application; nothing connects before it starts."""

    async def post(app: web.Application) -> AsyncIterator[None]:
        app[POST] = Post.from_settings(settings)
        yield

    return service_application(
        name="notifications",
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=SUBSCRIPTIONS,
        jobs=JOBS,
        personal=PERSONAL,
        resources=[post],
        migrations=Path(__file__).parent / "migrations",
        clock=clock,
    )


def main() -> None:
    """Serve until stopped."""
    settings = NotificationsSettings()
    run(application(settings), settings, "notifications")


if __name__ == "__main__":
    main()
