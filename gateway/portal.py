"""What every page and every API call works with; made once, reached through the application."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from gateway.assets import Assets
from gateway.clients import Services
from gateway.cookies import Cookies
from gateway.csrf import FormTokens
from gateway.flash import FlashCodec
from gateway.identity import Identity
from gateway.rates import Rate
from gateway.revocation import Revocations
from gateway.security import origin
from gateway.session import NOBODY, SessionReader
from gateway.settings import GatewaySettings
from gateway.templating import Templates
from gateway.visitor import TrustedProxies
from gateway.waiting_room.entrance import Entrance, entrance
from services.chassis.auth import CallerSigner
from services.chassis.clock import Clock
from services.chassis.http_client import CallerTokens, ServiceClient, client_session

ARCHIVES = 4


@dataclass(slots=True)
class Portal:
    """The gateway's parts. `services` and `identity` are there once the application has started."""

    settings: GatewaySettings
    clock: Clock
    templates: Templates
    assets: Assets
    cookies: Cookies
    form_tokens: FormTokens
    flashes: FlashCodec
    proxies: TrustedProxies
    entrance: Entrance
    # Thirty checks of papers in ten minutes: plenty for a clerk, nothing for who tries codes.
    checks: Rate = field(default_factory=lambda: Rate(30, timedelta(minutes=10)))
    # Calendar programs of many families read from few addresses; nobody guesses 32 random bytes.
    feeds: Rate = field(default_factory=lambda: Rate(600, timedelta(minutes=10)))
    # Archives of families' data are made a few at a time: each is a file on this machine.
    archives: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ARCHIVES))
    services: Services = field(init=False)
    identity: Identity = field(init=False)

    def may_leave_to(self, url: str) -> bool:
        """Whether a redirect may lead there: to pay or to FranceConnect, and nowhere else."""
        return origin(url) in {origin(known) for known in self.settings.leads_to}

    def now(self) -> datetime:
        return self.clock()


PORTAL = web.AppKey("portal", Portal)


def portal(settings: GatewaySettings, clock: Clock) -> Portal:
    """The parts that need no connection."""
    secret = settings.cookie_secret.get_secret_value()
    assets = Assets(town_mark=settings.town_mark)
    return Portal(
        settings=settings,
        clock=clock,
        templates=Templates(
            assets,
            settings.town_name,
            office=settings.office,
            offers_france_connect=bool(settings.france_connect_url),
        ),
        assets=assets,
        cookies=Cookies(is_secure=settings.is_secure),
        form_tokens=FormTokens(secret),
        flashes=FlashCodec(secret),
        proxies=TrustedProxies(settings.trusted_proxies),
        entrance=entrance(settings),
    )


async def connections(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: the connections to the services, and what depends on them."""
    made = app[PORTAL]
    settings = made.settings
    signer = CallerSigner(settings.caller_private_key.get_secret_value())
    tokens = CallerTokens(signer, made.clock)
    async with client_session() as session:
        by_name = {
            name: ServiceClient(name, url, session, tokens)
            for name, url in settings.service_urls().items()
        }
        made.services = Services(session, by_name)
        made.identity = Identity(
            SessionReader(settings.session_public_key),
            Revocations(made.services.on_behalf_of(NOBODY).accounts.session_is_active),
            made.cookies,
            made.form_tokens,
        )
        yield
        await made.identity.close()
