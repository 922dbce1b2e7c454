"""Who may sign in: accounts, wrong attempts, the second factor."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import pyotp

FAILURES_ALLOWED: Final = 10
ATTEMPT_WINDOW: Final = timedelta(minutes=15)

# A telephone's clock may be a little off: the code before and the one after pass too.
TOTP_STEPS: Final = (0, -1, 1)
TOTP_SECONDS: Final = 30


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
    totp_secret: str | None = None
    totp_last_step: int = 0

    def expired(self, now: datetime) -> bool:
        """Whether the temporary password came too late."""
        return self.expires_at is not None and now >= self.expires_at


def normal_login(login: str) -> str:
    """A login as it is stored: one Unicode form, lower case, no blanks around it."""
    return unicodedata.normalize("NFKC", login).strip().lower()


def login_digest(login: str) -> bytes:
    """What is kept of a login that was tried."""
    return hashlib.sha256(normal_login(login).encode()).digest()


def totp_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The time step whose code this is, if it is later than the last one used; else None."""
    present = int(now.timestamp()) // TOTP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (present + offset for offset in TOTP_STEPS):
        if step > after and pyotp.utils.strings_equal(totp.generate_otp(step), code.strip()):
            return step
    return None
