"""Who may sign in."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in: a guardian (with a family) or a member of staff."""

    account_id: UUID
    login: str
    name: str
    roles: tuple[str, ...]
    password_hash: str
    temporary: bool
    family_id: UUID | None = None
    guardian_id: UUID | None = None
    expires_at: datetime | None = None
    totp_sealed: bytes | None = None
    totp_last_step: int = 0
    activity_ids: tuple[UUID, ...] | None = None
    disabled: bool = False

    def expired(self, now: datetime) -> bool:
        """Whether the temporary password came too late."""
        return self.expires_at is not None and now >= self.expires_at

    @property
    def is_staff(self) -> bool:
        """Whether it is a member of the staff."""
        return self.guardian_id is None

    @property
    def must_enrol_second_factor(self) -> bool:
        """Whether it may do nothing before it has a second factor: the staff's is compulsory."""
        return self.is_staff and self.totp_sealed is None


def normal_login(login: str) -> str:
    """A login as it is stored: one Unicode form, lower case, no blanks around it."""
    return unicodedata.normalize("NFKC", login).strip().lower()


def login_digest(login: str) -> bytes:
    """What is kept of a login that was tried."""
    return hashlib.sha256(normal_login(login).encode()).digest()
