"""Request and answer bodies of access codes: who gets one, batches past and to come."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.accounts.schemas import Channel, Guardians
from services.chassis.endpoints import Answer, Body

Outcome = Literal["mail", "letter", "incomplete", "already"]
BatchStatus = Literal["planned", "issued", "withdrawn"]


class PreviewQuery(Body):
    """For whom: the first guardian of each family, or each guardian."""

    guardians: Guardians = "first"

    @property
    def every_guardian(self) -> bool:
        """Whether each guardian is meant."""
        return self.guardians == "all"


class RecipientsQuery(PreviewQuery):
    """Which part of the preview, and which page of it."""

    outcome: Outcome | None = None
    page: int = Field(default=1, ge=1, le=100_000)
    size: int = Field(default=50, ge=1, le=200)


class RecipientRow(Answer):
    """A family, and what an issue of codes would do for it; `missing` says in French why not.

    In a preview for each guardian a row is one of them.
    """

    family_id: UUID
    reference: str
    label: str
    outcome: Outcome
    missing: tuple[str, ...]
    guardian_id: UUID | None
    guardian: str | None


class RecipientsAnswer(Answer):
    """A page of the preview."""

    families: tuple[RecipientRow, ...]
    total: int
    page: int
    size: int


class BatchRow(Answer):
    """A batch; `used` counts those whose temporary password was changed since."""

    batch_id: UUID
    status: BatchStatus
    issued_at: datetime | None
    planned_for: date | None
    by_mail: int
    by_letter: int
    used: int
    waiting: int
    channel: Channel | None
    families: int | None
    guardians: int | None
    every_guardian: bool
    reissue_of: UUID | None


class BatchesAnswer(Answer):
    """The batches, newest first."""

    batches: tuple[BatchRow, ...]


class ReissueBody(Body):
    """Whose codes are made anew: all that were not used, or those of one way."""

    only: Channel | None = None
