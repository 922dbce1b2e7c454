"""The billing service, composed."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from aiohttp import web

from services.billing.clients import PaymentProvider
from services.billing.commands.run_month import RUNNER, Runner
from services.billing.commands.settle_payment import DESK, Desk
from services.billing.jobs import jobs
from services.billing.papers import SENDER, Sender
from services.billing.routes import ENDPOINTS
from services.billing.settings import BillingSettings
from services.billing.subscribers import SUBSCRIPTIONS
from services.chassis.app import DATABASE, Resource, run, service_application
from services.chassis.clock import Clock, utc_now

NAME = "billing"


def application(settings: BillingSettings, clock: Clock = utc_now) -> web.Application:
    """The service from its parts; nothing connects before it starts."""
    return service_application(
        name=NAME,
        settings=settings,
        endpoints=ENDPOINTS,
        subscriptions=SUBSCRIPTIONS,
        jobs=jobs(settings.payment_check_seconds),
        resources=[_desk(settings), _runner(settings, clock), _sender(settings)],
        migrations=Path(__file__).parent / "migrations",
        clock=clock,
    )


def _desk(settings: BillingSettings) -> Resource:
    async def open_desk(app: web.Application) -> AsyncIterator[None]:
        timeout = aiohttp.ClientTimeout(total=settings.payment_timeout_seconds)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            provider = PaymentProvider(
                session,
                settings.payment_url,
                client=settings.payfip_client,
                mode=settings.payfip_mode,
            )
            app[DESK] = Desk(app[DATABASE], provider, settings.portal_url, settings.office_mail)
            yield

    return open_desk


def _runner(settings: BillingSettings, clock: Clock) -> Resource:
    async def open_runner(app: web.Application) -> AsyncIterator[None]:
        app[RUNNER] = Runner(app[DATABASE], clock, payment_days=settings.payment_days)
        yield
        await app[RUNNER].close()

    return open_runner


def _sender(settings: BillingSettings) -> Resource:
    async def set_sender(app: web.Application) -> AsyncIterator[None]:
        app[SENDER] = Sender(
            town=settings.town_name,
            office=settings.office_name,
            lines=settings.office_lines,
            portal_url=settings.portal_url,
        )
        yield

    return set_sender


def main() -> None:
    """Serve until told to stop."""
    settings = BillingSettings()
    run(application(settings), settings, NAME)


if __name__ == "__main__":
    main()
