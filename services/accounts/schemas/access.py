"""Bodies of one's own access: sessions, second factor, forgotten password, mail address."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from services.accounts.model.links import End
from services.accounts.schemas import Login, Mail, Password, Repeated, SessionAnswer
from services.chassis.endpoints import Answer, Body

Code = Annotated[str, Field(min_length=1, max_length=20)]
Token = Annotated[str, Field(min_length=1, max_length=100)]
Device = Annotated[str, Field(max_length=80)]


def _given(mail: str | None) -> str:
    if not mail:
        raise ValueError("Saisissez une adresse mail, par exemple camille@exemple.fr.")
    return mail


class SessionRow(Answer):
    """One's own session; `device` as its browser called itself."""

    session_id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


class SessionsAnswer(Answer):
    """One's own sessions, the last seen first."""

    sessions: tuple[SessionRow, ...]


class AccessAnswer(Answer):
    """What one's access is made of; `pending_ends`: who has to confirm the pending address yet."""

    login: str
    mail: str | None
    pending_mail: str | None
    pending_ends: tuple[End, ...]
    second_factor: bool
    recovery_codes: int
    compulsory: bool
    france_connect: bool


class PasswordProof(Body):
    """The present password, asked for again before what matters."""

    password: Password


class NewSecretAnswer(Answer):
    """A secret for an authenticator application, as text and as the address of a QR code."""

    secret: str
    address: str


class FirstCodeBody(Body):
    """The first code that the application shows."""

    code: Code
    device: Device = ""


class EnrolledAnswer(SessionAnswer):
    """The new session; the recovery codes are shown this once."""

    recovery_codes: tuple[str, ...]


class RecoveryCodesAnswer(Answer):
    """The recovery codes, shown this once."""

    recovery_codes: tuple[str, ...]


class AcceptedAnswer(Answer):
    """It was noted; what comes of it, if anything, comes by mail."""

    accepted: bool = True


class ResetAnswer(Answer):
    """Done; the browser keeps the token, by which it is known the next time."""

    device_token: str


class ForgottenBody(Body):
    """The login, or the mail address, of whoever forgot the password."""

    login: Login
    address: str = Field(default="", max_length=45)


class ResetBody(Body):
    """The token of the link, and the password to come; `repeated`: typed a second time."""

    token: Token
    new: Password
    repeated: Repeated | None = None


class NewMailBody(Body):
    """The mail address to come, and the present password."""

    mail: Annotated[Mail, AfterValidator(_given)]
    password: Password


class LinkBody(Body):
    """The token of a link."""

    token: Token


class MailAnswer(Answer):
    """The mail address that counts now, and the end of a change that still has to confirm it."""

    mail: str | None
    waits_for: End | None = None
