"""All six services on real databases and one bus."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.public import PrivateKey, SealedBox

from deploy.settings import COLLECTOR, OFFICE, SCHOOL_ZONE, TOWN_NAME
from services.accounts.main import application as accounts
from services.billing.main import application as billing
from services.billing.settings import BillingSettings
from services.chassis.auth import decode_key, encode_key, new_key_pair
from services.chassis.clock import utc_now
from services.chassis.settings import ServiceSettings
from services.chassis.testing import RunningService
from services.documents.main import application as documents
from services.documents.settings import DocumentsSettings
from services.enrolment.main import application as enrolment
from services.notifications.main import application as notifications
from services.notifications.settings import NotificationsSettings
from services.reservations.main import application as reservations
from services.reservations.settings import ReservationsSettings
from tests.integration.accounts.conftest import LightPasswords, Readers
from tests.integration.notifications.conftest import MailServer
from tests.integration.trust.town import Household, TownClock, WholeTown, settle

PORTAL = "http://127.0.0.1:9"
MASTER_KEY = base64.urlsafe_b64encode(b"master key for tests, 32 bytes .").decode()


@pytest.fixture(scope="package")
async def town(
    start_service: Any, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[WholeTown]:
    """The six services, on one clock."""
    clock, server = TownClock(), MailServer()
    private, public = new_key_pair()
    sealing = PrivateKey.generate()
    readers = Readers(Ed25519PublicKey.from_public_bytes(decode_key(public)), SealedBox(sealing))
    made: dict[str, tuple[Any, Any, dict[str, Any]]] = {
        "accounts": (
            accounts,
            LightPasswords,
            {
                "session_private_key": private,
                "secrets_key": encode_key(bytes(PrivateKey.generate())),
                "sealing_public_key": encode_key(bytes(sealing.public_key)),
                "portal_url": PORTAL,
                "town_name": TOWN_NAME,
            },
        ),
        "enrolment": (enrolment, ServiceSettings, {}),
        "reservations": (reservations, ReservationsSettings, dict(SCHOOL_ZONE)),
        "billing": (
            billing,
            BillingSettings,
            {
                "payment_url": "http://127.0.0.1:9",
                "portal_url": PORTAL,
                "payment_check_seconds": 3600,
                "least_invoice_cents": 0,
                "town_name": TOWN_NAME,
                **COLLECTOR,
                "secrets_key": encode_key(bytes(PrivateKey.generate())),
            },
        ),
        "documents": (
            documents,
            DocumentsSettings,
            {
                "storage_url": tmp_path_factory.mktemp("trust-documents").as_uri(),
                "master_key": MASTER_KEY,
                "portal_url": PORTAL,
                "town_name": TOWN_NAME,
                "office_name": OFFICE["office_name"],
            },
        ),
        "notifications": (
            notifications,
            NotificationsSettings,
            {
                "smtp_host": "127.0.0.1",
                "smtp_port": server.port,
                "mail_from": "ne-pas-repondre@kerlann.example",
                "sealing_private_key": base64.b64encode(bytes(sealing)).decode(),
                "portal_url": PORTAL,
                "town_name": TOWN_NAME,
                **OFFICE,
            },
        ),
    }
    await server.start()
    async with AsyncExitStack() as stack:

        async def start(name: str) -> RunningService:
            application, settings, more = made[name]
            # Mails leave when the database's own clock says so.
            own_clock = utc_now if name == "notifications" else clock
            running = await start_service(
                name,
                application,
                settings,
                options={"clock": own_clock},
                **more,
            )
            service: RunningService = await stack.enter_async_context(running)
            service.clock = own_clock
            return service

        # Together: the bus holds each of them up for some seconds.
        started = await asyncio.gather(*map(start, made))
        yield WholeTown(dict(zip(made, started, strict=True)), clock, readers)
    server.stop()


@pytest.fixture(scope="package")
async def neighbours(town: WholeTown) -> Household:
    """A family that has used every service, and whose data nobody else may touch."""
    return await settle(town, "Quiquempois", "Ysoline", day=24)
