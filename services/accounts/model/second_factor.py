"""The second factor: a secret shared with a telephone (TOTP), and codes for when it is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import pyotp

from services.accounts.model.codes import as_typed_code, new_code, printed
from services.chassis.sealing import Secrets

# A telephone's clock may be a little off: the code before and the one after pass too.
TOTP_STEPS: Final = (0, -1, 1)
TOTP_SECONDS: Final = 30
TOTP_DIGITS: Final = 6

RECOVERY_CODES: Final = 10
# Long enough to fetch a telephone; a secret that stays on a screen is no secret.
ENROLMENT_LIFE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret to be shown once: as text, and as the address that a QR code holds."""

    secret: str
    address: str


def new_secret(login: str, town: str) -> NewSecret:
    """A secret for this login, as authenticator applications take it."""
    return described(pyotp.random_base32(), login, town)


def described(secret: str, login: str, town: str) -> NewSecret:
    """The secret with its `otpauth:` address."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=f"Portail {town}")
    return NewSecret(secret, address)


def totp_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The time step whose code this is, if it is later than the last one used; else None."""
    present = int(now.timestamp()) // TOTP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (present + offset for offset in TOTP_STEPS):
        if step > after and pyotp.utils.strings_equal(totp.generate_otp(step), code.strip()):
            return step
    return None


def is_recovery_code(code: str) -> bool:
    """Whether what was typed cannot be a telephone's code, and may be a recovery code."""
    return len(as_typed_code(code)) > TOTP_DIGITS


def new_recovery_codes() -> list[str]:
    """Ten codes of 60 random bits, as they are printed."""
    return [printed(new_code()) for _ in range(RECOVERY_CODES)]


def recovery_digests(secrets: Secrets, account_id: UUID, codes: Sequence[str]) -> list[bytes]:
    """What is kept of these codes: worthless without the key, and for another account."""
    return [
        secrets.proof("recovery-code", account_id.bytes + as_typed_code(code).encode())
        for code in codes
    ]
