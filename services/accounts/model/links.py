"""Links that are mailed: how long they live, and how their secret travels."""

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from nacl.public import PublicKey, SealedBox

from services.accounts.model.secrets import new_token, token_digest

End = Literal["new", "old"]

RESET_LIFE: Final = timedelta(hours=1)
# Over a weekend: whoever did not ask for it must have time to read the notice.
MAIL_CHANGE_LIFE: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class SealedToken:
    """A new token in the two forms that may be stored: its digest, and sealed for its reader."""

    digest: bytes
    sealed: str


@dataclass(frozen=True, slots=True)
class Forgetful:
    """An account whose owner forgot the password, and where to write to them."""

    account_id: UUID
    family_id: UUID
    guardian_id: UUID
    login: str
    mail: str


@dataclass(frozen=True, slots=True)
class MailChange:
    """A mail address that waits to be confirmed; once it is, the old one can still refuse.

    `old_confirms`: the old address has to agree as well, by the same link by which it may refuse.
    """

    change_id: UUID
    account_id: UUID
    family_id: UUID
    guardian_id: UUID
    login: str
    old_mail: str | None
    new_mail: str
    expires_at: datetime
    old_confirms: bool = False
    new_confirmed: bool = False
    old_confirmed: bool = False

    @property
    def waits_for(self) -> End | None:
        """The end that has not confirmed yet."""
        if not self.new_confirmed:
            return "new"
        return "old" if self.old_confirms and not self.old_confirmed else None

    def confirmed_by(self, end: End) -> "MailChange":
        """The change once this end has confirmed."""
        if end == "new":
            return replace(self, new_confirmed=True)
        return replace(self, old_confirmed=True)

    @property
    def login_follows(self) -> bool:
        """Whether the login is the old address, and becomes the new one."""
        return self.old_mail is not None and self.login == self.old_mail

    @property
    def login_went_along(self) -> bool:
        """Whether the login is the new address since the confirmation."""
        return self.old_mail is not None and self.login == self.new_mail


def sealed_token(sealing_key: bytes) -> SealedToken:
    """A new token; its clear text never leaves this call."""
    token = new_token()
    box = SealedBox(PublicKey(sealing_key))
    return SealedToken(token_digest(token), base64.b64encode(box.encrypt(token.encode())).decode())
