"""Who is asking: the session token that accounts signed, read from a cookie or a bearer header."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contracts.roles import ANONYMOUS, STAFF
from services.chassis.auth import ALGORITHM, Caller, activities_in, decode_key
from services.chassis.errors import Unauthorised

REMEMBERED_TOKENS = 4096

NOBODY = Caller(frozenset({ANONYMOUS}))


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person, as the session token says."""

    caller: Caller
    session_id: UUID
    account_id: UUID
    name: str
    must_change_password: bool
    expires_at: datetime
    must_enrol_second_factor: bool = False
    by_provider: bool = False

    @property
    def is_confined(self) -> bool:
        """Whether something must be done before anything else is possible."""
        return self.must_change_password or self.must_enrol_second_factor

    @property
    def roles(self) -> frozenset[str]:
        return self.caller.roles

    @property
    def family_id(self) -> UUID | None:
        return self.caller.family_id

    @property
    def is_staff(self) -> bool:
        return not STAFF.isdisjoint(self.caller.roles)

    def has(self, *roles: str) -> bool:
        """Whether the person holds at least one of these roles."""
        return self.caller.has(*roles)


class SessionReader:
    """Reads session tokens; each token's signature is verified once and then remembered."""

    def __init__(self, public_key: str) -> None:
        key = Ed25519PublicKey.from_public_bytes(decode_key(public_key))
        self._read = lru_cache(maxsize=REMEMBERED_TOKENS)(lambda token: _verified(token, key))

    def read(self, token: str, now: datetime) -> Session:
        """The session behind a token. Raises Unauthorised when forged, malformed or expired."""
        session = self._read(token)
        if session.expires_at <= now:
            raise Unauthorised("Votre session a expiré. Identifiez-vous à nouveau.")
        return session


def _verified(token: str, key: Ed25519PublicKey) -> Session:
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            # The expiry is compared at each use, since this reading is remembered.
            options={
                "require": ["exp", "sub", "sid", "roles"],
                "verify_exp": False,
                "verify_aud": False,
            },
        )
        return _session(claims)
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unauthorised("Votre session n’est pas valable. Identifiez-vous.") from error


def _session(claims: Mapping[str, Any]) -> Session:
    session_id, account_id = UUID(claims["sid"]), UUID(claims["sub"])
    family_id = UUID(claims["fam"]) if claims.get("fam") else None
    return Session(
        caller=Caller(
            frozenset(claims["roles"]), account_id, family_id, session_id, activities_in(claims)
        ),
        session_id=session_id,
        account_id=account_id,
        name=str(claims.get("name", "")),
        must_change_password=bool(claims.get("mcp", False)),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        must_enrol_second_factor=bool(claims.get("mse", False)),
        by_provider=bool(claims.get("fc", False)),
    )
