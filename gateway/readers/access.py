"""What the portal reads of accounts' answers about one's own access, and the staff's."""

from datetime import datetime
from uuid import UUID

from gateway.readers.accounts import Tokens
from gateway.readers.reader import Reader


class OpenSession(Reader):
    session_id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool = False


class OpenSessions(Reader):
    sessions: tuple[OpenSession, ...]


class Access(Reader):
    login: str
    mail: str | None = None
    pending_mail: str | None = None
    pending_ends: tuple[str, ...] = ()  # new | old
    second_factor: bool = False
    recovery_codes: int = 0
    compulsory: bool = False
    france_connect: bool = False


class NewSecret(Reader):
    secret: str
    address: str


class RecoveryCodes(Reader):
    recovery_codes: tuple[str, ...]


class Enrolled(Tokens):
    recovery_codes: tuple[str, ...]


class Accepted(Reader):
    accepted: bool = True


class PasswordReset(Reader):
    device_token: str = ""


class Departure(Reader):
    url: str
    browser_token: str


class Arrival(Reader):
    session: Tokens | None = None
    ticket: str = ""
    name: str = ""


class OtherSignOut(Reader):
    url: str | None = None


class ConfirmedMail(Reader):
    mail: str | None = None
    waits_for: str | None = None  # new | old
