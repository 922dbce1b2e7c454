"""Who opens a family's vault, and by what."""

from datetime import datetime

from services.chassis.database import Connection
from services.documents import vault_keys
from services.documents.commands.vault.openers import (
    by_passphrase,
    printed,
    try_passphrase,
    try_printed,
)
from services.documents.commands.vault.strongroom import (
    Opened,
    Parent,
    Strongroom,
    opened,
    still_there,
    tell,
)
from services.documents.errors.vault import (
    WRONG_INVITATION,
    WRONG_RECOVERY_KEY,
    SecretRefused,
    VaultExists,
    VaultLocked,
)
from services.documents.model.vault import OpenerKind, accept_passphrase
from services.documents.queries import vault as vault_queries
from services.documents.repository import vault as vault_repository
from services.documents.storage import vault_path
from services.documents.vault_keys import Unlocked


async def create_vault(room: Strongroom, parent: Parent, passphrase: str, now: datetime) -> Opened:
    """Make the family's vault with its first passphrase and its recovery key.

    Raises SecretRefused, VaultExists.
    """
    accepted = accept_passphrase(passphrase, "passphrase")
    async with room.database.connection() as connection:
        # Before the slow derivation: asking again and again must not keep the machine busy.
        if await vault_queries.exists(connection, parent.family_id):
            raise VaultExists
    vault_key = vault_keys.new_vault_key()
    mine = await by_passphrase(room, parent, accepted, vault_key, now)
    recovery_key, recovery = printed(room, parent, OpenerKind.RECOVERY, vault_key, now)
    async with room.database.transaction() as connection:
        if not await vault_repository.create(connection, parent.family_id, now):
            raise VaultExists
        await vault_repository.replace_opener(connection, mine)
        await vault_repository.replace_opener(connection, recovery)
        await tell(connection, parent, "created", now)
    return opened(room, parent, mine, vault_key, now, recovery_key)


async def unlock(room: Strongroom, parent: Parent, passphrase: str, now: datetime) -> Opened:
    """Open the vault with the parent's own passphrase.

    Raises VaultMissing, TooManyTries, SecretRefused.
    """
    opener, vault_key = await try_passphrase(room, parent, passphrase, "passphrase", now)
    return opened(room, parent, opener, vault_key, now)


async def change_passphrase(
    room: Strongroom, parent: Parent, current: str, new: str, now: datetime
) -> Opened:
    """Replace the parent's passphrase; whatever it had opened is shut.

    Raises VaultMissing, TooManyTries, SecretRefused.
    """
    accepted = accept_passphrase(new, "new")
    _, vault_key = await try_passphrase(room, parent, current, "current", now)
    mine = await by_passphrase(room, parent, accepted, vault_key, now)
    async with room.database.transaction() as connection:
        await vault_repository.replace_opener(connection, mine)
        await tell(connection, parent, "passphrase_changed", now)
    return opened(room, parent, mine, vault_key, now)


async def recover(
    room: Strongroom, parent: Parent, recovery_key: str, new: str, now: datetime
) -> Opened:
    """Give the parent a new passphrase by the printed key, which is replaced: it was shown.

    Raises VaultMissing, SecretRefused.
    """
    accepted = accept_passphrase(new, "passphrase")
    vault_key = await try_printed(room, parent, OpenerKind.RECOVERY, recovery_key, now)
    if vault_key is None:
        raise SecretRefused.because("recovery_key", WRONG_RECOVERY_KEY)
    mine = await by_passphrase(room, parent, accepted, vault_key, now)
    fresh, recovery = printed(room, parent, OpenerKind.RECOVERY, vault_key, now)
    async with room.database.transaction() as connection:
        await still_there(connection, parent.family_id)
        await vault_repository.replace_opener(connection, mine)
        await vault_repository.replace_opener(connection, recovery)
        await tell(connection, parent, "recovered", now)
    return opened(room, parent, mine, vault_key, now, fresh)


async def renew_recovery_key(
    room: Strongroom, parent: Parent, unlocked: Unlocked, now: datetime
) -> str:
    """Make a new recovery key; the one printed before opens nothing any more."""
    key, recovery = printed(room, parent, OpenerKind.RECOVERY, unlocked.vault_key, now)
    async with room.database.transaction() as connection:
        await still_there(connection, parent.family_id)
        await vault_repository.replace_opener(connection, recovery)
        await tell(connection, parent, "recovery_key_renewed", now)
    return key


async def invite(
    room: Strongroom, parent: Parent, unlocked: Unlocked, now: datetime
) -> tuple[str, datetime]:
    """A code for the family's other parent, good once and for some days; and until when."""
    until = now + room.limits.invitation_for
    code, invitation = printed(
        room, parent, OpenerKind.INVITATION, unlocked.vault_key, now, expires_at=until
    )
    async with room.database.transaction() as connection:
        await still_there(connection, parent.family_id)
        await vault_repository.replace_opener(connection, invitation)
        await tell(connection, parent, "invited", now)
    return code, until


async def join(
    room: Strongroom, parent: Parent, code: str, passphrase: str, now: datetime
) -> Opened:
    """Give the other parent a passphrase of their own by the code, which is used up.

    Raises VaultMissing, SecretRefused.
    """
    accepted = accept_passphrase(passphrase, "passphrase")
    vault_key = await try_printed(room, parent, OpenerKind.INVITATION, code, now)
    if vault_key is None:
        raise SecretRefused.because("code", WRONG_INVITATION)
    mine = await by_passphrase(room, parent, accepted, vault_key, now)
    async with room.database.transaction() as connection:
        invitation = await vault_repository.opener(
            connection, parent.family_id, OpenerKind.INVITATION
        )
        if invitation is None:  # used up meanwhile
            raise SecretRefused.because("code", WRONG_INVITATION)
        await vault_repository.drop_opener(connection, invitation.opener_id)
        await vault_repository.replace_opener(connection, mine)
        await tell(connection, parent, "joined", now)
    return opened(room, parent, mine, vault_key, now)


async def erase_vault(room: Strongroom, parent: Parent, now: datetime) -> None:
    """Delete the vault with all that is in it: the way on when every secret is lost.

    Raises VaultMissing.
    """
    async with room.database.transaction() as connection:
        await still_there(connection, parent.family_id)
        left = await vault_repository.erase(connection, parent.family_id)
        await tell(connection, parent, "erased", now)
    await room.storage.remove(*(vault_path(parent.family_id, each) for each in left))


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
