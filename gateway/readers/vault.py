"""What the portal reads of a vault."""

from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class Vault(Reader):
    """The vault while it is shut."""

    exists: bool
    is_mine: bool = False
    parents: int = 0
    documents: int = 0
    used_bytes: int = 0
    quota_bytes: int = 0
    file_bytes: int = 0
    recovery_made_at: datetime | None = None
    invitation_until: datetime | None = None


class VaultOpened(Reader):
    """What opens it for a while; the recovery key when a new one was made."""

    token: str
    expires_at: datetime
    recovery_key: str = ""


class RecoveryKey(Reader):
    recovery_key: str


class Invitation(Reader):
    code: str
    expires_at: datetime


class VaultDocument(Reader):
    document_id: UUID
    filename: str
    content_type: str = ""
    size: int = 0
    added_at: datetime


class VaultDocuments(Reader):
    documents: tuple[VaultDocument, ...] = ()
