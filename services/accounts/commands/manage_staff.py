"""The staff's accounts as an administrator keeps them: made, changed, given another code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from contracts.roles import ADMIN
from services.accounts import publishing
from services.accounts.errors import LoginTaken, NotOneself
from services.accounts.model import codes
from services.accounts.model.signing_in import Account, normal_login
from services.accounts.publishing import access as access_publishing
from services.accounts.repository import accounts as repository
from services.accounts.repository import sessions
from services.accounts.repository import staff as staff_repository
from services.chassis import outbox
from services.chassis.database import Connection
from services.chassis.errors import FieldError, NotFound


@dataclass(frozen=True, slots=True)
class StaffProfile:
    """Who a member of staff is and what they may do; `activity_ids` None is no limit."""

    name: str
    roles: Sequence[str]
    activity_ids: tuple[UUID, ...] | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """An account and its temporary password, which the administrator hands over."""

    account: Account
    code: str


async def create_staff(
    connection: Connection, login: str, profile: StaffProfile, now: datetime
) -> Handed:
    """An account with a temporary password. Raises LoginTaken."""
    code = codes.new_code()
    account = Account(
        account_id=uuid4(),
        login=normal_login(login),
        name=profile.name,
        roles=_roles(profile),
        password_hash=codes.hash_code(code),
        temporary=True,
        expires_at=now + codes.LIFE,
        activity_ids=profile.activity_ids,
    )
    if await repository.by_login(connection, account.login):
        message = "Cet identifiant appartient à un autre compte."
        raise LoginTaken(message, errors=[FieldError("login", message)])
    account_id = await repository.save_staff(connection, account, now)
    if account_id != account.account_id:
        raise LoginTaken("Cet identifiant appartient à un autre compte.")
    await outbox.append(connection, access_publishing.staff_account_kept(account, is_new=True))
    return Handed(account, codes.printed(code))


async def change_staff(
    connection: Connection,
    account_id: UUID,
    profile: StaffProfile,
    *,
    by: UUID | None,
    now: datetime,
) -> Account:
    """The account as described now; whatever its bearer may do differently ends their sessions.

    Raises NotFound, NotOneself.
    """
    present = await staff_repository.lock(connection, account_id)
    if present is None:
        raise NotFound
    if account_id == by and (profile.disabled or ADMIN not in profile.roles):
        raise NotOneself("Vous ne pouvez pas vous retirer vous-même cet accès.")
    changed = replace(
        present,
        name=profile.name,
        roles=_roles(profile),
        activity_ids=profile.activity_ids,
        disabled=profile.disabled,
    )
    if changed == present:
        return present
    await staff_repository.save_profile(connection, changed, now)
    await sessions.revoke_all(connection, [account_id], now)
    await outbox.append(connection, access_publishing.staff_account_kept(changed, is_new=False))
    return changed


async def renew_code(connection: Connection, account_id: UUID, now: datetime) -> Handed:
    """Another temporary password, for who forgot theirs; their sessions end. Raises NotFound."""
    present = await staff_repository.lock(connection, account_id)
    if present is None:
        raise NotFound
    code, expires_at = codes.new_code(), now + codes.LIFE
    await staff_repository.give_code(connection, account_id, codes.hash_code(code), expires_at, now)
    await sessions.revoke_all(connection, [account_id], now)
    await outbox.append(connection, publishing.password_changed(account_id, None))
    return Handed(replace(present, temporary=True, expires_at=expires_at), codes.printed(code))


def _roles(profile: StaffProfile) -> tuple[str, ...]:
    return tuple(sorted(set(profile.roles)))
