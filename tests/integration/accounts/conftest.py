"""The accounts service on a real database and bus, with a clock that tests can turn."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.public import PrivateKey, SealedBox

from services.accounts.main import application
from services.accounts.settings import AccountsSettings
from services.chassis.auth import decode_key, encode_key, new_key_pair
from services.chassis.clock import utc_now
from services.chassis.testing import RunningService


@dataclass
class TurnableClock:
    """Starts well in the past, so that what tests let expire is not yet in the callers' future."""

    now: datetime = field(default_factory=lambda: utc_now() - timedelta(days=300))

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Readers:
    """Those who can read what accounts signs and seals: the gateway, notifications."""

    session_public_key: Ed25519PublicKey
    sealed: SealedBox[PrivateKey]

    def claims(self, token: str) -> dict[str, Any]:
        """A session token's claims, once its signature is verified."""
        options: Any = {"verify_exp": False, "verify_iat": False}
        claims: dict[str, Any] = jwt.decode(
            token, self.session_public_key, ["EdDSA"], options=options
        )
        return claims

    def open(self, sealed: str) -> str:
        """The password in a sealed box."""
        return self.sealed.decrypt(base64.b64decode(sealed)).decode()


@dataclass(frozen=True)
class Town:
    """A running accounts service, its clock, and the readers of what it sends."""

    service: RunningService
    clock: TurnableClock
    readers: Readers


class LightPasswords(AccountsSettings):
    """Passwords are hashed as ever, but in next to no memory: here they protect nobody."""

    password_memory_kib: int = 64


async def running_town(start_service: Any, **settings: Any) -> AsyncIterator[Town]:
    private, public = new_key_pair()
    sealing = PrivateKey.generate()
    clock = TurnableClock()
    readers = Readers(Ed25519PublicKey.from_public_bytes(decode_key(public)), SealedBox(sealing))
    async with await start_service(
        "accounts",
        application,
        LightPasswords,
        session_private_key=private,
        sealing_public_key=encode_key(bytes(sealing.public_key)),
        secrets_key=encode_key(bytes(PrivateKey.generate())),
        town_name="Kerlann",
        options={"clock": clock},
        **{"portal_url": "https://famille.kerlann.example"} | settings,
    ) as service:
        yield Town(service, clock, readers)


@pytest.fixture(scope="package")
async def town(start_service: Any) -> AsyncIterator[Town]:
    """One town for all tests; each has families of its own in it."""
    async for town in running_town(start_service):
        yield town


@pytest.fixture(scope="module")
async def empty_town(start_service: Any) -> AsyncIterator[Town]:
    """A town for the tests of one file that count everybody."""
    async for town in running_town(start_service):
        yield town
