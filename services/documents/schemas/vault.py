"""Request and answer bodies of vaults."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field, SecretStr

from services.chassis.web import Answer, Body


class PassphraseBody(Body):
    """A parent's own passphrase."""

    passphrase: SecretStr = Field(min_length=1, max_length=500)


class ChangeBody(Body):
    """The passphrase in force and the one that follows it."""

    current: SecretStr = Field(min_length=1, max_length=500)
    new: SecretStr = Field(min_length=1, max_length=500)


class RecoverBody(Body):
    """The printed key, and the passphrase to be."""

    recovery_key: SecretStr = Field(min_length=1, max_length=100)
    passphrase: SecretStr = Field(min_length=1, max_length=500)


class JoinBody(Body):
    """The code that the other parent gave, and the passphrase to be."""

    code: SecretStr = Field(min_length=1, max_length=100)
    passphrase: SecretStr = Field(min_length=1, max_length=500)


class EraseBody(Body):
    """Erasing cannot be undone: the word says that it is meant."""

    confirmation: Literal["EFFACER"]


class PutInQuery(Body):
    """The file's name; the request's body is the raw file."""

    filename: str = Field(default="", max_length=500)


class VaultAnswer(Answer):
    """The family's vault as this parent finds it, shut."""

    exists: bool
    is_mine: bool = False
    parents: int = 0
    documents: int = 0
    used_bytes: int = 0
    quota_bytes: int
    file_bytes: int
    created_at: datetime | None = None
    recovery_made_at: datetime | None = None
    invitation_until: datetime | None = None


class UnlockedAnswer(Answer):
    """What opens the vault for this session until it runs out: header `X-Vault-Token`."""

    token: str
    expires_at: datetime


class RecoveryAnswer(UnlockedAnswer):
    """The same, with the recovery key to be printed: it is never shown again."""

    recovery_key: str


class RecoveryKeyAnswer(Answer):
    """The recovery key to be printed: it is never shown again."""

    recovery_key: str


class InvitationAnswer(Answer):
    """The code for the other parent: it is never shown again."""

    code: str
    expires_at: datetime


class VaultDocumentAnswer(Answer):
    """A document in the vault."""

    document_id: UUID
    filename: str
    content_type: str
    size: int
    added_at: datetime


class VaultDocumentsAnswer(Answer):
    """All of them, newest first."""

    documents: Sequence[VaultDocumentAnswer]
