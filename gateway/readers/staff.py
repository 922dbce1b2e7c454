"""What the portal reads of accounts' answers about the staff's accounts."""

from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class StaffAccount(Reader):
    account_id: UUID
    login: str
    name: str
    roles: tuple[str, ...]
    totp: bool = False
    last_login_at: datetime | None = None
    activity_ids: tuple[UUID, ...] | None = None
    disabled: bool = False
    temporary: bool = False


class StaffAccounts(Reader):
    accounts: tuple[StaffAccount, ...]


class HandedCode(Reader):
    account_id: UUID
    login: str
    temporary_password: str
    expires_at: datetime | None = None


class StaffProfile(Reader):
    account_id: UUID
    login: str
    name: str
    roles: tuple[str, ...]
    activity_ids: tuple[UUID, ...] | None = None
    disabled: bool = False
