"""Who calls: Ed25519-signed tokens between the gateway and the services."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.roles import GUARDIAN, LEADER, OFFICE
from services.chassis.errors import Unauthorised

ALGORITHM = "EdDSA"
AUDIENCE = "portail-services"

# Long enough to be reused over a burst of requests, short enough that a stolen one is soon useless.
CALLER_TOKEN_LIFE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: its roles, its account, and the family it may see when it is a guardian's.

    `activities` are those that an activity leader is limited to; None is no limit.
    """

    roles: frozenset[str]
    account_id: UUID | None = None
    family_id: UUID | None = None
    session_id: UUID | None = None
    activities: frozenset[UUID] | None = None

    def __post_init__(self) -> None:
        # Without a family its scope would read as every family.
        if GUARDIAN in self.roles and self.family_id is None:
            raise ValueError("a guardian calls for one family")

    def has(self, *roles: str) -> bool:
        """Whether the caller holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def family_scope(self) -> UUID | None:
        """The one family whose rows the caller may reach; None reaches every family."""
        return self.family_id

    @property
    def activity_scope(self) -> frozenset[UUID] | None:
        """The activities whose sessions the caller may reach; None reaches every one."""
        return self.activities if self.has(LEADER) and not self.has(*OFFICE) else None

    @property
    def name(self) -> str:
        """A stable text for the caller, for idempotency keys and audit rows."""
        return str(self.account_id) if self.account_id else ",".join(sorted(self.roles))


@dataclass(frozen=True, slots=True)
class SignedCaller:
    """A verified token: who calls, and until when the token may be believed."""

    caller: Caller
    expires_at: float


class CallerSigner:
    """Signs caller tokens with the gateway's private key."""

    def __init__(self, private_key: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(decode_key(private_key))

    def sign(self, caller: Caller, now: datetime) -> str:
        """A token for this caller, good for CALLER_TOKEN_LIFE."""
        claims: dict[str, Any] = {
            "aud": AUDIENCE,
            "exp": now + CALLER_TOKEN_LIFE,
            "roles": sorted(caller.roles),
            "sub": str(caller.account_id) if caller.account_id else "",
            "fam": str(caller.family_id) if caller.family_id else "",
            "sid": str(caller.session_id) if caller.session_id else "",
        }
        if caller.activities is not None:
            claims["act"] = sorted(map(str, caller.activities))
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)


class CallerVerifier:
    """Reads caller tokens; each token's signature is verified once and then remembered."""

    def __init__(self, public_key: str) -> None:
        key = Ed25519PublicKey.from_public_bytes(decode_key(public_key))
        self._read = lru_cache(maxsize=4096)(lambda token: _read_token(token, key))

    def verify(self, authorization: str, now: datetime) -> Caller:
        """The caller behind an Authorization header. Raises Unauthorised."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthorised("Il manque le jeton de l’appelant (Authorization: Bearer …).")
        signed = self._read(token)
        if signed.expires_at <= now.timestamp():
            raise Unauthorised("Le jeton de l’appelant a expiré.")
        return signed.caller


def _read_token(token: str, key: Ed25519PublicKey) -> SignedCaller:
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            # The expiry is compared at each use, since this reading is remembered.
            options={"require": ["exp", "aud"], "verify_exp": False},
        )
        caller = Caller(
            roles=frozenset(claims["roles"]),
            account_id=_optional_uuid(claims["sub"]),
            family_id=_optional_uuid(claims["fam"]),
            session_id=_optional_uuid(claims["sid"]),
            activities=activities_in(claims),
        )
        return SignedCaller(caller, float(claims["exp"]))
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as error:
        raise Unauthorised("Le jeton de l’appelant n’est pas valable.") from error


def activities_in(claims: Mapping[str, Any]) -> frozenset[UUID] | None:
    """The activities that a token limits its bearer to; None when it names none."""
    named = claims.get("act")
    return None if named is None else frozenset(UUID(text) for text in named)


def _optional_uuid(text: str) -> UUID | None:
    return UUID(text) if text else None


def new_key_pair() -> tuple[str, str]:
    """A fresh Ed25519 key pair (private, public), raw bytes in base64url."""
    private = Ed25519PrivateKey.generate()
    return encode_key(private.private_bytes_raw()), encode_key(
        private.public_key().public_bytes_raw()
    )


def encode_key(raw: bytes) -> str:
    """Raw key bytes as base64url."""
    return base64.urlsafe_b64encode(raw).decode()


def decode_key(text: str) -> bytes:
    """Raw key bytes from base64url. Raises ValueError when the text is no base64."""
    return base64.urlsafe_b64decode(text)
