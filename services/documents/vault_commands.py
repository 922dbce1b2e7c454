"""What a family can do with its vault.

Deriving a key from a passphrase takes a tenth of a second on purpose: it runs between two short
transactions, in the process pool, never inside one.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from aiohttp import web

from contracts.events.documents import VaultChange
from services.chassis import outbox
from services.chassis.auth import Caller
from services.chassis.database import Connection, Database
from services.documents import publishing, vault_keys, vault_queries, vault_repository
from services.documents.errors import DocumentNotFound
from services.documents.storage import Storage, seal, vault_path
from services.documents.vault_errors import (
    WRONG_INVITATION,
    WRONG_PASSPHRASE,
    WRONG_RECOVERY_KEY,
    SecretRefused,
    VaultExists,
    VaultLocked,
    VaultMissing,
)
from services.documents.vault_keys import Unlocked, VaultKeys
from services.documents.vault_model import (
    Intake,
    Label,
    Opener,
    OpenerKind,
    Room,
    VaultDocument,
    accept_passphrase,
    as_typed_key,
    one_form,
    pause_after,
)

log = structlog.get_logger()

# Far longer than the slowest upload: a younger object may be one still at work.
ORPHAN_AGE = timedelta(hours=24)


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

    token: str
    expires_at: datetime
    recovery_key: str = ""


async def create_vault(room: Strongroom, parent: Parent, passphrase: str, now: datetime) -> Opened:
    """Make the family's vault with its first passphrase and its recovery key.

    Raises SecretRefused, VaultExists.
    """
    accepted = accept_passphrase(passphrase, "passphrase")
    vault_key = vault_keys.new_vault_key()
    mine = await _by_passphrase(room, parent, accepted, vault_key, now)
    recovery_key, recovery = _printed(room, parent, OpenerKind.RECOVERY, vault_key, now)
    async with room.database.transaction() as connection:
        if not await vault_repository.create(connection, parent.family_id, now):
            raise VaultExists
        await vault_repository.replace_opener(connection, mine)
        await vault_repository.replace_opener(connection, recovery)
        await _tell(connection, parent, "created", now)
    return _opened(room, parent, mine, vault_key, now, recovery_key)


async def unlock(room: Strongroom, parent: Parent, passphrase: str, now: datetime) -> Opened:
    """Open the vault with the parent's own passphrase.

    Raises VaultMissing, TooManyTries, SecretRefused.
    """
    opener, vault_key = await _try_passphrase(room, parent, passphrase, "passphrase", now)
    return _opened(room, parent, opener, vault_key, now)


async def change_passphrase(
    room: Strongroom, parent: Parent, current: str, new: str, now: datetime
) -> Opened:
    """Replace the parent's passphrase; whatever it had opened is shut.

    Raises VaultMissing, TooManyTries, SecretRefused.
    """
    accepted = accept_passphrase(new, "new")
    _, vault_key = await _try_passphrase(room, parent, current, "current", now)
    mine = await _by_passphrase(room, parent, accepted, vault_key, now)
    async with room.database.transaction() as connection:
        await vault_repository.replace_opener(connection, mine)
        await _tell(connection, parent, "passphrase_changed", now)
    return _opened(room, parent, mine, vault_key, now)


async def recover(
    room: Strongroom, parent: Parent, recovery_key: str, new: str, now: datetime
) -> Opened:
    """Give the parent a new passphrase by the printed key, which is replaced: it was shown.

    Raises VaultMissing, SecretRefused.
    """
    accepted = accept_passphrase(new, "passphrase")
    vault_key = await _try_printed(room, parent, OpenerKind.RECOVERY, recovery_key, now)
    if vault_key is None:
        raise SecretRefused.because("recovery_key", WRONG_RECOVERY_KEY)
    mine = await _by_passphrase(room, parent, accepted, vault_key, now)
    fresh, recovery = _printed(room, parent, OpenerKind.RECOVERY, vault_key, now)
    async with room.database.transaction() as connection:
        await _still_there(connection, parent.family_id)
        await vault_repository.replace_opener(connection, mine)
        await vault_repository.replace_opener(connection, recovery)
        await _tell(connection, parent, "recovered", now)
    return _opened(room, parent, mine, vault_key, now, fresh)


async def renew_recovery_key(
    room: Strongroom, parent: Parent, unlocked: Unlocked, now: datetime
) -> str:
    """Make a new recovery key; the one printed before opens nothing any more."""
    key, recovery = _printed(room, parent, OpenerKind.RECOVERY, unlocked.vault_key, now)
    async with room.database.transaction() as connection:
        await _still_there(connection, parent.family_id)
        await vault_repository.replace_opener(connection, recovery)
        await _tell(connection, parent, "recovery_key_renewed", now)
    return key


async def invite(
    room: Strongroom, parent: Parent, unlocked: Unlocked, now: datetime
) -> tuple[str, datetime]:
    """A code for the family's other parent, good once and for some days; and until when."""
    until = now + room.limits.invitation_for
    code, invitation = _printed(
        room, parent, OpenerKind.INVITATION, unlocked.vault_key, now, expires_at=until
    )
    async with room.database.transaction() as connection:
        await _still_there(connection, parent.family_id)
        await vault_repository.replace_opener(connection, invitation)
        await _tell(connection, parent, "invited", now)
    return code, until


async def join(
    room: Strongroom, parent: Parent, code: str, passphrase: str, now: datetime
) -> Opened:
    """Give the other parent a passphrase of their own by the code, which is used up.

    Raises VaultMissing, SecretRefused.
    """
    accepted = accept_passphrase(passphrase, "passphrase")
    vault_key = await _try_printed(room, parent, OpenerKind.INVITATION, code, now)
    if vault_key is None:
        raise SecretRefused.because("code", WRONG_INVITATION)
    mine = await _by_passphrase(room, parent, accepted, vault_key, now)
    async with room.database.transaction() as connection:
        invitation = await vault_repository.opener(
            connection, parent.family_id, OpenerKind.INVITATION
        )
        if invitation is None:  # used up meanwhile
            raise SecretRefused.because("code", WRONG_INVITATION)
        await vault_repository.drop_opener(connection, invitation.opener_id)
        await vault_repository.replace_opener(connection, mine)
        await _tell(connection, parent, "joined", now)
    return _opened(room, parent, mine, vault_key, now)


async def unlocked_by(
    connection: Connection, room: Strongroom, parent: Parent, token: str, now: datetime
) -> Unlocked:
    """The vault that the token opens for this parent and session. Raises VaultLocked."""
    unlocked = room.keys.open_token(token, parent.session_id, now)
    is_own = (unlocked.family_id, unlocked.account_id) == (parent.family_id, parent.account_id)
    if not is_own or not await vault_queries.opens(
        connection, parent.family_id, parent.account_id, unlocked.opener_id
    ):
        raise VaultLocked
    return unlocked


async def put_in(
    room: Strongroom,
    unlocked: Unlocked,
    filename: str,
    content: AsyncIterator[bytes],
    now: datetime,
) -> tuple[VaultDocument, Label]:
    """Encrypt and keep a file as it arrives. Raises VaultFull, VaultFileTooLarge, EmptyFile.

    The object is there before the row is: a crash between the two leaves an orphan.
    """
    document_id, family_id = uuid4(), unlocked.family_id
    async with room.database.connection() as connection:
        intake = Intake(await _free_room(connection, room, family_id))
    path = vault_path(family_id, document_id)
    sealed = seal(intake.watch(content), unlocked.vault_key, document_id)
    await room.storage.put(path, sealed)
    label = intake.label(filename)
    sealed_label = vault_keys.seal_label(label, unlocked.vault_key, document_id)
    document = VaultDocument(document_id, family_id, sealed_label, intake.size, now)
    try:
        async with room.database.transaction() as connection:
            await _still_there(connection, family_id)
            # Files that arrive together each had room when they began.
            (await _free_room(connection, room, family_id)).admit(document.size)
            await vault_repository.add_document(connection, document)
    except Exception:
        await room.storage.remove(path)
        raise
    return document, label


async def take_out(room: Strongroom, unlocked: Unlocked, document_id: UUID) -> None:
    """Delete a document of the vault. Raises DocumentNotFound."""
    async with room.database.transaction() as connection:
        if not await vault_repository.drop_document(connection, unlocked.family_id, document_id):
            raise DocumentNotFound
    await room.storage.remove(vault_path(unlocked.family_id, document_id))


async def erase_vault(room: Strongroom, parent: Parent, now: datetime) -> None:
    """Delete the vault with all that is in it: the way on when every secret is lost.

    Raises VaultMissing.
    """
    async with room.database.transaction() as connection:
        await _still_there(connection, parent.family_id)
        left = await vault_repository.erase(connection, parent.family_id)
        await _tell(connection, parent, "erased", now)
    await room.storage.remove(*(vault_path(parent.family_id, each) for each in left))


async def remove_orphans(room: Strongroom, now: datetime) -> int:
    """Delete objects that became no document of a vault; returns how many."""
    removed = 0
    async for batch in room.storage.listing("vaults"):
        old = [stored for stored in batch if stored.written_at < now - ORPHAN_AGE]
        async with room.database.connection() as connection:
            known = await vault_repository.known(connection, [s.document_id for s in old])
        orphans = [stored.path for stored in old if stored.document_id not in known]
        await room.storage.remove(*orphans)
        removed += len(orphans)
    if removed:
        log.info("vault_orphans_removed", objects=removed)
    return removed


async def _try_passphrase(
    room: Strongroom, parent: Parent, passphrase: str, field: str, now: datetime
) -> tuple[Opener, bytes]:
    """The parent's opener and what it opens. Each try counts until it proves right.

    It is counted before it is judged, so that tries at the same time all count.
    """
    async with room.database.transaction() as connection:
        opener = await _own_opener(connection, parent, field)
        opener.may_try(now)
        failures = opener.failures + 1
        pause = pause_after(failures)
        await vault_repository.count_try(
            connection, opener.opener_id, failures, now + pause if pause else None
        )
    secret_key = await room.derive(one_form(passphrase), opener.salt)
    vault_key = room.keys.unwrap(opener, secret_key)
    if vault_key is None:
        raise SecretRefused.because(field, WRONG_PASSPHRASE)
    async with room.database.transaction() as connection:
        await vault_repository.count_try(connection, opener.opener_id, 0, None)
    return opener, vault_key


async def _own_opener(connection: Connection, parent: Parent, field: str) -> Opener:
    opener = await vault_repository.opener(
        connection, parent.family_id, OpenerKind.PASSPHRASE, parent.account_id
    )
    if opener is None:
        await _still_there(connection, parent.family_id)
        raise SecretRefused.because(field, "Vous n’avez pas encore de phrase secrète à vous.")
    return opener


async def _try_printed(
    room: Strongroom, parent: Parent, kind: OpenerKind, typed: str, now: datetime
) -> bytes | None:
    async with room.database.transaction() as connection:
        await _still_there(connection, parent.family_id)
        opener = await vault_repository.opener(connection, parent.family_id, kind)
    if opener is None or not opener.is_current(now):
        return None
    return room.keys.unwrap(opener, vault_keys.from_printed(as_typed_key(typed), opener.salt))


async def _by_passphrase(
    room: Strongroom, parent: Parent, passphrase: str, vault_key: bytes, now: datetime
) -> Opener:
    salt = vault_keys.new_salt()
    secret_key = await room.derive(passphrase, salt)
    return _opener(room, parent, OpenerKind.PASSPHRASE, vault_key, secret_key, salt, now)


def _printed(
    room: Strongroom,
    parent: Parent,
    kind: OpenerKind,
    vault_key: bytes,
    now: datetime,
    *,
    expires_at: datetime | None = None,
) -> tuple[str, Opener]:
    text, salt = vault_keys.new_printed_key(), vault_keys.new_salt()
    secret_key = vault_keys.from_printed(as_typed_key(text), salt)
    return text, _opener(room, parent, kind, vault_key, secret_key, salt, now, expires_at)


def _opener(
    room: Strongroom,
    parent: Parent,
    kind: OpenerKind,
    vault_key: bytes,
    secret_key: bytes,
    salt: bytes,
    now: datetime,
    expires_at: datetime | None = None,
) -> Opener:
    return Opener(
        opener_id=uuid4(),
        family_id=parent.family_id,
        kind=kind,
        account_id=parent.account_id,
        salt=salt,
        key=room.keys.wrap(vault_key, secret_key, parent.family_id, kind),
        failures=0,
        blocked_until=None,
        created_at=now,
        expires_at=expires_at,
    )


def _opened(
    room: Strongroom,
    parent: Parent,
    opener: Opener,
    vault_key: bytes,
    now: datetime,
    recovery_key: str = "",
) -> Opened:
    expires_at = now + room.limits.open_for
    unlocked = Unlocked(
        vault_key, parent.family_id, parent.account_id, opener.opener_id, expires_at
    )
    token = room.keys.seal_token(unlocked, parent.session_id)
    return Opened(token, expires_at, recovery_key)


async def _still_there(connection: Connection, family_id: UUID) -> None:
    if not await vault_repository.lock(connection, family_id):
        raise VaultMissing


async def _free_room(connection: Connection, room: Strongroom, family_id: UUID) -> Room:
    used = await vault_queries.used_bytes(connection, family_id)
    return Room(room.limits.file_bytes, room.limits.quota_bytes, used)


async def _tell(connection: Connection, parent: Parent, change: VaultChange, now: datetime) -> None:
    await outbox.append(
        connection,
        publishing.vault_access_changed(parent.family_id, parent.account_id, change, now),
    )
