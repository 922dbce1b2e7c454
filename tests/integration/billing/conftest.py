"""Billing on a real database and bus, beside the payment stand-in and a portal's two addresses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from contracts.roles import ANONYMOUS
from deploy.payments.main import application as stand_in
from deploy.settings import COLLECTOR
from services.billing.main import application
from services.billing.settings import BillingSettings
from services.chassis.auth import Caller, encode_key
from services.chassis.testing import RunningService
from tests.integration.billing.books import books_balance
from tests.unit.billing.builders import NOW


@dataclass
class TownClock:
    """The time in the town, which a test may let pass."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


@dataclass
class Portal:
    """What the gateway does for billing: it hands the provider's calls on."""

    billing: RunningService | None = None
    notified: list[str] = field(default_factory=list)

    async def on_notification(self, request: web.Request) -> web.Response:
        """The provider's call, handed on as nobody's."""
        idop = str((await request.post())["idop"])
        assert self.billing
        anyone = Caller(frozenset({ANONYMOUS}))
        reply = await self.billing.post("/payments/notifications", anyone, json={"idop": idop})
        self.notified.append(idop)
        return web.Response(status=reply.status)


class Provider:
    """The stand-in as a payer's browser and its operator see it."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self._session = url, session

    async def behave(self, mode: str, **how: float) -> None:
        """Misbehave from now on."""
        async with self._session.post(f"{self.url}/behaviour", json={"mode": mode, **how}) as r:
            assert r.status == 200, await r.text()

    async def visit(self, page: str) -> tuple[int, str]:
        """Look at a payment page."""
        async with self._session.get(page) as response:
            return response.status, await response.text()

    async def decide(self, page: str, issue: str) -> str:
        """Press a button of the page; returns where the payer is sent."""
        idop = page.rpartition("=")[2]
        data = {"idop": idop, "issue": issue}
        async with self._session.post(
            f"{self.url}/tpa/paiementws.web", data=data, allow_redirects=False
        ) as response:
            assert response.status == 303, await response.text()
            return response.headers["Location"]


@dataclass
class Town:
    """Everything that paying an invoice needs."""

    billing: RunningService
    provider: Provider
    portal: Portal
    clock: TownClock


def _settings(provider: BaseTestServer, portal: BaseTestServer) -> dict[str, Any]:
    return {
        "payment_url": str(provider.make_url("")).rstrip("/"),
        "portal_url": str(portal.make_url("")).rstrip("/"),
        # Tests do the job's round when they mean to.
        "payment_check_seconds": 3600,
        "town_name": "Ville de Saint-Aubin",
        # Most families of the tests owe little.
        "least_invoice_cents": 0,
        "slice_families": 2,
        "secrets_key": encode_key(b"k" * 32),
        **COLLECTOR,
    }


@asynccontextmanager
async def new_town(start_service: Any) -> AsyncIterator[Town]:
    """Billing, the payment stand-in and the portal, on one clock."""
    clock, portal = TownClock(), Portal()
    gateway = web.Application()
    gateway.router.add_post("/paiement/notification", portal.on_notification)
    async with (
        TestServer(stand_in(clock)) as provider_server,
        TestServer(gateway) as portal_server,
        aiohttp.ClientSession() as session,
        await start_service(
            "billing",
            application,
            BillingSettings,
            options={"clock": clock},
            **_settings(provider_server, portal_server),
        ) as service,
    ):
        service.clock = clock
        portal.billing = service
        url = str(provider_server.make_url("")).rstrip("/")
        yield Town(service, Provider(url, session), portal, clock)
        await books_balance(service.database)


@pytest.fixture(scope="package")
async def paying_town(start_service: Any) -> AsyncIterator[Town]:
    """One for all tests, which have families of their own."""
    async with new_town(start_service) as town:
        yield town


@pytest.fixture(scope="module")
async def own_town(start_service: Any) -> AsyncIterator[Town]:
    """A file's own, for what is told of a whole town or month."""
    async with new_town(start_service) as town:
        yield town


@pytest.fixture(scope="package")
async def billing(paying_town: Town) -> RunningService:
    """The billing service alone."""
    return paying_town.billing


@pytest.fixture
async def town(paying_town: Town) -> AsyncIterator[Town]:
    """The paying town with a provider that behaves."""
    await paying_town.provider.behave("normal")
    paying_town.portal.notified.clear()
    yield paying_town
    await paying_town.provider.behave("normal")
    paying_town.clock.now = NOW
    await books_balance(paying_town.billing.database)
