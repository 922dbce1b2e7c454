"""The staff's accounts over HTTP, for the administrator."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.roles import ADMIN, ROLL
from services.accounts.commands.manage_staff import (
    Handed,
    StaffProfile,
    change_staff,
    create_staff,
    renew_code,
)
from services.accounts.repository import staff
from services.accounts.schemas import StaffRole
from services.chassis.endpoints import Answer, Body, Call, get, post, put

Roles = Annotated[tuple[StaffRole, ...], Field(min_length=1, max_length=4)]
Activities = Annotated[tuple[UUID, ...], Field(max_length=200)]


class ProfileBody(Body):
    """Who a member of staff is and what they may do.

    `activity_ids` limits a leader to these activities; null is no limit.
    """

    name: str = Field(min_length=1, max_length=120)
    roles: Roles
    activity_ids: Activities | None = None
    disabled: bool = False

    @property
    def value(self) -> StaffProfile:
        """The profile as the command takes it."""
        return StaffProfile(self.name, self.roles, self.activity_ids, self.disabled)


class NewStaffBody(ProfileBody):
    """A member of staff who has no account yet."""

    login: str = Field(min_length=3, max_length=254, pattern=r"^[A-Za-z0-9._@+-]+$")


class HandedAnswer(Answer):
    """The temporary password, shown this once, to be handed over."""

    account_id: UUID
    login: str
    temporary_password: str
    expires_at: datetime | None


class ProfileAnswer(Answer):
    """The account as it stands now."""

    account_id: UUID
    login: str
    name: str
    roles: tuple[str, ...]
    activity_ids: tuple[UUID, ...] | None
    disabled: bool


async def create(call: Call, body: NewStaffBody) -> HandedAnswer:
    """Créer un compte d’agent avec un mot de passe provisoire"""
    async with call.database.transaction() as connection:
        return _handed(await create_staff(connection, body.login, body.value, call.now))


async def change(call: Call, account_id: UUID, body: ProfileBody) -> ProfileAnswer:
    """Modifier, suspendre ou rétablir un compte d’agent"""
    account = await change_staff(
        call.connection, account_id, body.value, by=call.caller.account_id, now=call.now
    )
    return ProfileAnswer(
        account_id=account.account_id,
        login=account.login,
        name=account.name,
        roles=account.roles,
        activity_ids=account.activity_ids,
        disabled=account.disabled,
    )


async def renew(call: Call, account_id: UUID) -> HandedAnswer:
    """Donner un nouveau mot de passe provisoire à un agent"""
    async with call.database.transaction() as connection:
        return _handed(await renew_code(connection, account_id, call.now))


def _handed(handed: Handed) -> HandedAnswer:
    return HandedAnswer(
        account_id=handed.account.account_id,
        login=handed.account.login,
        temporary_password=handed.code,
        expires_at=handed.account.expires_at,
    )


class NameAnswer(Answer):
    """Who an account of the staff is."""

    account_id: UUID
    name: str


class NamesAnswer(Answer):
    staff: list[NameAnswer]


async def list_names(call: Call) -> NamesAnswer:
    """Les noms des agents, pour dire qui a pointé"""
    rows = await staff.names(call.connection)
    return NamesAnswer(staff=[NameAnswer(account_id=i, name=name) for i, name in rows])


# Bare where a password is answered: an answer that is kept for repeats would keep it too.
ENDPOINTS = (
    get("/staff-names", list_names, allow=ROLL),
    post("/staff-accounts/new", create, allow={ADMIN}, status=201, bare=True),
    put("/staff-accounts/{account_id}", change, allow={ADMIN}),
    post("/staff-accounts/{account_id}/code", renew, allow={ADMIN}, status=201, bare=True),
)
