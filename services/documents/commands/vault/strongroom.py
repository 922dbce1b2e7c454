"""What vaults are worked on with, and who stands before one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from aiohttp import web

from contracts.events.documents import VaultChange
from services.chassis import outbox
from services.chassis.auth import Caller
from services.chassis.database import Connection, Database
from services.documents import publishing
from services.documents.errors.vault import VaultMissing
from services.documents.model.vault import Opener
from services.documents.repository import vault as vault_repository
from services.documents.storage import Storage
from services.documents.vault_keys import Unlocked, VaultKeys


@dataclass(frozen=True, slots=True)
class Limits:
    """What the town's settings say of vaults."""

    file_bytes: int
    quota_bytes: int
    open_for: timedelta
    invitation_for: timedelta


@dataclass(frozen=True, slots=True)
class Strongroom:
    """What vaults need: the database, storage, keys, the slow derivation, the limits."""

    database: Database
    storage: Storage
    keys: VaultKeys
    derive: Callable[[str, bytes], Awaitable[bytes]]
    limits: Limits


STRONGROOM = web.AppKey("strongroom", Strongroom)


@dataclass(frozen=True, slots=True)
class Parent:
    """A guardian before the family's vault."""

    family_id: UUID
    account_id: UUID
    session_id: UUID

    @classmethod
    def calling(cls, caller: Caller) -> "Parent":
        """The guardian who calls. Raises VaultMissing for a call without account or session."""
        if not (caller.family_id and caller.account_id and caller.session_id):
            raise VaultMissing
        return cls(caller.family_id, caller.account_id, caller.session_id)


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened vault: the token that carries it, and a recovery key when a new one was made."""

    token: str = field(repr=False)
    expires_at: datetime
    recovery_key: str = field(default="", repr=False)


def opened(
    room: Strongroom,
    parent: Parent,
    opener: Opener,
    vault_key: bytes,
    now: datetime,
    recovery_key: str = "",
) -> Opened:
    """What the browser carries from now on."""
    expires_at = now + room.limits.open_for
    unlocked = Unlocked(
        vault_key, parent.family_id, parent.account_id, opener.opener_id, expires_at
    )
    token = room.keys.seal_token(unlocked, parent.session_id)
    return Opened(token, expires_at, recovery_key)


async def still_there(connection: Connection, family_id: UUID) -> None:
    """Hold the vault until the transaction ends. Raises VaultMissing."""
    if not await vault_repository.lock(connection, family_id):
        raise VaultMissing


async def tell(connection: Connection, parent: Parent, change: VaultChange, now: datetime) -> None:
    """Tell the town that the vault is opened otherwise than before."""
    await outbox.append(
        connection,
        publishing.vault_access_changed(parent.family_id, parent.account_id, change, now),
    )
