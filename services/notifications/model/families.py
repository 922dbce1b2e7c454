"""Whom messages are written to, and by which way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Channel = Literal["mail", "letter"]

# Less than the standards allow, and all that families write: one @, no blanks, a dotted domain.
MAIL_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f]{1,64}@[^\s@<>,;:\"]+\.[^\s@<>.,;:\"]+")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a guardian lives who does not live with the family."""

    lines: tuple[str, ...]
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Guardian:
    """An adult of the family, as messages address them."""

    guardian_id: UUID
    first_name: str
    last_name: str
    mail: str | None
    home: Home | None = None

    @property
    def full_name(self) -> str:
        """First name and family name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def has_mail(self) -> bool:
        """Whether there is an address, and it can be one."""
        return bool(self.mail and len(self.mail) <= 254 and MAIL_ADDRESS.fullmatch(self.mail))


@dataclass(frozen=True, slots=True)
class Family:
    """Our copy of a family file: what a message needs, no more."""

    family_id: UUID
    record_version: int
    address: tuple[str, ...]
    postcode: str
    city: str
    guardians: tuple[Guardian, ...]
    children: Mapping[UUID, str]
    classes: Mapping[UUID, str] = field(default_factory=dict)
    # A payer who is no family, and for whom nobody signs in.
    outsider: bool = False

    def guardian(self, guardian_id: UUID | None) -> Guardian | None:
        """The guardian named, or the first one listed when none is."""
        if guardian_id is None:
            return self.guardians[0] if self.guardians else None
        return next((g for g in self.guardians if g.guardian_id == guardian_id), None)


def masked(mail: str) -> str:
    """A mail address that its owner recognises, and nobody learns: c…@example.org."""
    name, _, domain = mail.partition("@")
    return f"{name[:1]}…@{domain}"


def channel_for(wished: Channel | None, guardian: Guardian) -> Channel:
    """Mail where there is an address that can be one, unless the sender asked for a letter."""
    return "mail" if guardian.has_mail and wished != "letter" else "letter"
