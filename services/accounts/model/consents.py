"""What parents are asked to consent to, and what each home of a child answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The version in force of a text."""

    consent_id: UUID
    version: int
    title: str
    body: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """What a home last answered for a child; `answered_by` is None when the staff noted it."""

    family_id: UUID
    child_id: UUID
    consent_id: UUID
    version: int
    granted: bool
    answered_at: datetime
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class SaidConsent:
    """What a home last answered for a child to a text still asked; `granted` None: not yet."""

    child_id: UUID
    title: str
    granted: bool | None
