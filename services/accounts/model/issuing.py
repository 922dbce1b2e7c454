"""Issuing access codes: to whom, by which way, under which login."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from services.accounts.model.codes import PreparedCode, generated_login

Channel = Literal["mail", "letter"]
Login = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Addressees:
    """Who an issue is for: those listed, account or not; else everybody ready who has none.

    Of a family its first guardian is meant, or each one with `every_guardian`.
    """

    family_ids: tuple[UUID, ...] | None = None
    guardian_ids: tuple[UUID, ...] | None = None
    every_guardian: bool = False

    @property
    def are_listed(self) -> bool:
        """Whether somebody chose them one by one: they get another code if they have one."""
        return self.family_ids is not None or self.guardian_ids is not None


@dataclass(frozen=True, slots=True)
class Recipient:
    """The guardian who gets a code; `account_id` and `login` once there is an account."""

    family_id: UUID
    guardian_id: UUID
    last_name: str
    mail: str | None
    account_id: UUID | None = None
    login: str | None = None

    @property
    def channel(self) -> Channel:
        """By mail where there is an address, else by letter."""
        return "mail" if self.mail else "letter"


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code on its way to its guardian."""

    account_id: UUID
    login: str
    recipient: Recipient
    code: PreparedCode


@dataclass(frozen=True, slots=True)
class KnownBatch:
    """The batch that an issue belongs to: a planned one whose day has come, or a new one."""

    batch_id: UUID
    reissue_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """An issue of codes for a later day; with nobody listed, whoever is ready by then."""

    batch_id: UUID
    planned_for: date
    channel: Channel | None = None
    addressees: Addressees = Addressees()


def wanted_logins(
    recipients: Sequence[Recipient], refused: Collection[str], generate: Login = generated_login
) -> list[Recipient]:
    """A login for each: the one it has, its mail address, else a generated one; no login twice.

    `refused` are the logins that other accounts have.
    """
    used = set(refused) | {r.login for r in recipients if r.login}
    named = []
    for recipient in recipients:
        login = recipient.login
        if login is None and recipient.mail and recipient.mail not in used:
            login = recipient.mail
        while login is None or (recipient.login is None and login in used):
            login = generate(recipient.last_name)
        used.add(login)
        named.append(replace(recipient, login=login))
    return named
