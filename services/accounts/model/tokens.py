"""Session tokens: what they say, and the signature that the gateway verifies."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SESSION_LIFE: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in, until it expires or is revoked."""

    session_id: UUID
    account_id: UUID
    family_id: UUID | None
    roles: tuple[str, ...]
    name: str
    must_change_password: bool
    created_at: datetime
    must_enrol_second_factor: bool = False
    activity_ids: tuple[UUID, ...] | None = None
    device: str = ""
    by_provider: bool = False

    @property
    def expires_at(self) -> datetime:
        """When the session ends by itself."""
        return self.created_at + SESSION_LIFE

    @property
    def claims(self) -> dict[str, Any]:
        """The token's claims.

        Before anything else, `mcp`: the password must be changed, `mse`: a second factor must be
        enrolled. `act`: the activities that the bearer is limited to. `fc`: FranceConnect knows
        of the session.
        """
        limits = {} if self.activity_ids is None else {"act": sorted(map(str, self.activity_ids))}
        return limits | {
            "sub": str(self.account_id),
            "sid": str(self.session_id),
            "fam": str(self.family_id) if self.family_id else None,
            "roles": sorted(self.roles),
            "name": self.name,
            "mcp": self.must_change_password,
            "mse": self.must_enrol_second_factor,
            "fc": self.by_provider,
            "iat": int(self.created_at.timestamp()),
            "exp": int(self.expires_at.timestamp()),
        }


class SessionSigner:
    """Signs session tokens with the private key of accounts."""

    def __init__(self, private_key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)

    def sign(self, session: Session) -> str:
        """The session as a JWT (EdDSA)."""
        return jwt.encode(session.claims, self._key, algorithm="EdDSA")
