"""Makes and tries what opens a vault.

Deriving a key from a passphrase takes a tenth of a second on purpose: it runs between two short
transactions, in the process pool, never inside one.
"""

from datetime import datetime
from uuid import uuid4

from services.chassis.database import Connection
from services.documents import vault_keys
from services.documents.commands.vault.strongroom import Parent, Strongroom, still_there
from services.documents.errors.vault import WRONG_PASSPHRASE, SecretRefused
from services.documents.model.vault import (
    Opener,
    OpenerKind,
    as_typed_key,
    one_form,
    pause_after,
)
from services.documents.repository import vault as vault_repository


async def try_passphrase(
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
        await still_there(connection, parent.family_id)
        raise SecretRefused.because(field, "Vous n’avez pas encore de phrase secrète à vous.")
    return opener


async def try_printed(
    room: Strongroom, parent: Parent, kind: OpenerKind, typed: str, now: datetime
) -> bytes | None:
    """What a printed key or told code opens; None when it is not the right one, or too old."""
    async with room.database.transaction() as connection:
        await still_there(connection, parent.family_id)
        opener = await vault_repository.opener(connection, parent.family_id, kind)
    if opener is None or not opener.is_current(now):
        return None
    return room.keys.unwrap(opener, vault_keys.from_printed(as_typed_key(typed), opener.salt))


async def by_passphrase(
    room: Strongroom, parent: Parent, passphrase: str, vault_key: bytes, now: datetime
) -> Opener:
    """The parent's own way in, by a passphrase that was accepted."""
    salt = vault_keys.new_salt()
    secret_key = await room.derive(passphrase, salt)
    return _new_opener(room, parent, OpenerKind.PASSPHRASE, vault_key, secret_key, salt, now)


def printed(
    room: Strongroom,
    parent: Parent,
    kind: OpenerKind,
    vault_key: bytes,
    now: datetime,
    *,
    expires_at: datetime | None = None,
) -> tuple[str, Opener]:
    """A fresh key to be written down, and the opener that it works."""
    text, salt = vault_keys.new_printed_key(), vault_keys.new_salt()
    secret_key = vault_keys.from_printed(as_typed_key(text), salt)
    return text, _new_opener(room, parent, kind, vault_key, secret_key, salt, now, expires_at)


def _new_opener(
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
