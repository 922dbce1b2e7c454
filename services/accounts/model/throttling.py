"""How often one may try, and how long one waits after trying too often.

Attempts are counted in buckets. A browser that came in before carries a device token and has a
bucket of its own; all others share the bucket of the login they try and that of the network they
come from. So whoever tries out a family's login locks out strangers, and not the family.
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from services.chassis.sealing import Secrets

Kind = Literal["login", "device", "address", "password", "reset", "reset-address"]

NONCE_BYTES: Final = 16
PROOF_BYTES: Final = 32
# What one subscriber is given; below it, addresses are free to choose (RFC 6177).
SUBSCRIBER_V6: Final = 64


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many attempts are free; each further one waits twice as long as the one before.

    One attempt is forgiven each `forgives_every`, where many people share the bucket.
    """

    free: int
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)
    forgives_every: timedelta | None = None

    def standing(self, tally: "Tally", now: datetime) -> int:
        """How many of the tally's attempts still matter."""
        passed = now - tally.last_at
        if passed >= QUIET:
            return 0
        forgiven = passed // self.forgives_every if self.forgives_every else 0
        return max(0, tally.failures - forgiven)

    def wait(self, tally: "Tally", now: datetime) -> timedelta:
        """How long this tally still has to wait; zero or less when an attempt is allowed."""
        standing = self.standing(tally, now)
        if standing < self.free:
            return timedelta(0)
        doublings = min(standing - self.free, 16)
        grown: timedelta = min(self.longest_wait, self.first_wait * 2**doublings)
        return tally.last_at + grown - now


# A network may be a whole block of flats, a school, the town hall.
ALLOWANCES: Final[dict[Kind, Allowance]] = {
    "login": Allowance(free=10),
    "device": Allowance(free=10),
    "address": Allowance(free=100, forgives_every=timedelta(minutes=1)),
    "password": Allowance(free=10),
    "reset": Allowance(free=3, first_wait=timedelta(minutes=15)),
    "reset-address": Allowance(free=20, forgives_every=timedelta(minutes=5)),
}
# After so long without an attempt everything starts afresh.
QUIET: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """What attempts are counted by, kept as a digest: people type passwords as logins."""

    kind: Kind
    digest: bytes

    @property
    def allowance(self) -> Allowance:
        """How many attempts it gives."""
        return ALLOWANCES[self.kind]

    def counted(self, tally: "Tally", now: datetime) -> "Tally":
        """The tally with one attempt more."""
        return Tally(self.allowance.standing(tally, now) + 1, now)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many attempts a bucket has seen that were not forgiven, and when the last one was."""

    failures: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from, as the gateway says: address, device in words, its token."""

    address: str = ""
    device: str = ""
    device_token: str = ""


def bucket(kind: Kind, value: str | bytes) -> Bucket:
    """The bucket of this value."""
    raw = value.encode() if isinstance(value, str) else value
    return Bucket(kind, hashlib.sha256(kind.encode() + b"\0" + raw).digest())


def sign_in_buckets(secrets: Secrets, login_digest: bytes, client: Client) -> list[Bucket]:
    """What an attempt to sign in counts against, in a fixed order."""
    nonce = known_device(secrets, login_digest, client.device_token)
    if nonce is not None:
        return [bucket("device", login_digest + nonce)]
    return [bucket("login", login_digest), *address_bucket("address", client)]


def address_bucket(kind: Kind, client: Client) -> list[Bucket]:
    """The bucket of the network that the client comes from, if that is known."""
    network = network_of(client.address)
    return [bucket(kind, network)] if network else []


def network_of(address: str) -> str:
    """The address, or what one subscriber has of IPv6; empty when it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, SUBSCRIBER_V6), strict=False))
    return str(found)


def device_token(secrets: Secrets, login_digest: bytes, known: str = "") -> str:
    """Proof that this browser has come in with this login; the same one if it has it already."""
    if known_device(secrets, login_digest, known) is not None:
        return known
    nonce = os.urandom(NONCE_BYTES)
    proof = secrets.proof("device", login_digest + nonce)
    return base64.urlsafe_b64encode(nonce + proof).decode()


def known_device(secrets: Secrets, login_digest: bytes, token: str) -> bytes | None:
    """What tells this browser from others, when its token is of this login; else None."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except (ValueError, binascii.Error):
        return None
    nonce, proof = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    if len(proof) != PROOF_BYTES:
        return None
    expected = secrets.proof("device", login_digest + nonce)
    return nonce if hmac.compare_digest(proof, expected) else None


def longest_wait(tallies: Sequence[tuple[Bucket, Tally]], now: datetime) -> timedelta:
    """How long the strictest of these buckets makes one wait."""
    waits = [found.allowance.wait(tally, now) for found, tally in tallies]
    return max(waits, default=timedelta(0))
