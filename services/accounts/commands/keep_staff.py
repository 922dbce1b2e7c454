"""Make or change an account of the staff."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from services.accounts import publishing
from services.accounts.commands.means import Means
from services.accounts.errors import LoginTaken, WeakPassword
from services.accounts.model.passwords import weakness
from services.accounts.model.signing_in import Account, normal_login
from services.accounts.publishing import access as access_publishing
from services.accounts.repository import accounts as repository
from services.accounts.repository import sessions
from services.chassis import outbox
from services.chassis.database import Database
from services.chassis.errors import FieldError


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff as the administrator describes them."""

    login: str
    name: str
    roles: tuple[str, ...]
    password: str
    totp_secret: str | None = None
    activity_ids: tuple[UUID, ...] | None = None


async def keep_staff_account(
    database: Database, means: Means, member: StaffMember, now: datetime
) -> Account:
    """The account with this login, as described; saying so again changes nothing.

    Another password, second factor or set of roles ends its sessions.
    Raises WeakPassword, LoginTaken.
    """
    login = normal_login(member.login)
    if reason := weakness(member.password, login):
        raise WeakPassword(reason, errors=[FieldError("password", reason)])
    async with database.connection() as connection:
        present = await repository.by_login(connection, login)
    if present and present.guardian_id is not None:
        raise _taken()
    account = await _described(means, login, member, present)
    if account == present:
        return account
    async with database.transaction() as connection:
        account_id = await repository.save_staff(connection, account, now)
        if account_id is None:
            raise _taken()
        await sessions.revoke_all(connection, [account_id], now)
        if present is None or account.password_hash != present.password_hash:
            await outbox.append(connection, publishing.password_changed(account_id, None))
        # Another request may have made the account first, under an id of its own.
        kept = replace(account, account_id=account_id)
        told = access_publishing.staff_account_kept(kept, is_new=present is None)
        await outbox.append(connection, told)
    return kept


async def _described(
    means: Means, login: str, member: StaffMember, present: Account | None
) -> Account:
    hashing = means.hashing
    known = (
        present
        and not present.temporary
        and await hashing.matches(present.password_hash, member.password, temporary=False)
    )
    account_id = present.account_id if present else uuid4()
    return Account(
        account_id=account_id,
        login=login,
        name=member.name,
        roles=tuple(sorted(set(member.roles))),
        password_hash=present.password_hash
        if present and known
        else await hashing.hash(member.password),
        temporary=False,
        totp_sealed=_second_factor(means, account_id, member, present),
        totp_last_step=present.totp_last_step if present else 0,
        activity_ids=member.activity_ids,
        disabled=present.disabled if present else False,
    )


def _second_factor(
    means: Means, account_id: UUID, member: StaffMember, present: Account | None
) -> bytes | None:
    """The secret named, kept as it is when it is the same; without one, what there is stays."""
    kept = present.totp_sealed if present else None
    if member.totp_secret is None:
        return kept
    if kept and means.secrets.open("second-factor", account_id, kept) == member.totp_secret:
        return kept
    return means.secrets.seal("second-factor", account_id, member.totp_secret)


def _taken() -> LoginTaken:
    message = "Cet identifiant appartient à un autre compte."
    return LoginTaken(message, errors=[FieldError("login", message)])
