"""Make or change an account of the staff."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from services.accounts import publishing
from services.accounts.commands.hashing import Hashing
from services.accounts.errors import LoginTaken, WeakPassword
from services.accounts.model.passwords import weakness
from services.accounts.model.signing_in import Account, normal_login
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


async def keep_staff_account(
    database: Database, hashing: Hashing, member: StaffMember, now: datetime
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
    account = await _described(hashing, login, member, present)
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
    return replace(account, account_id=account_id)


async def _described(
    hashing: Hashing, login: str, member: StaffMember, present: Account | None
) -> Account:
    known = present and await hashing.matches(
        present.password_hash, member.password, temporary=False
    )
    return Account(
        account_id=present.account_id if present else uuid4(),
        login=login,
        name=member.name,
        roles=tuple(sorted(set(member.roles))),
        password_hash=present.password_hash
        if present and known
        else await hashing.hash(member.password),
        temporary=False,
        totp_secret=member.totp_secret,
        totp_last_step=present.totp_last_step if present else 0,
    )


def _taken() -> LoginTaken:
    message = "Cet identifiant appartient à un autre compte."
    return LoginTaken(message, errors=[FieldError("login", message)])
