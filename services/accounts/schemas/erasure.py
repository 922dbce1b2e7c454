"""Erasure over HTTP: what may be asked, what is answered."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.chassis.endpoints import Answer, Body


class ErasureBody(Body):
    """A parent asks, and proves by their password that it is they."""

    password: Annotated[str, Field(min_length=1, max_length=1000)]


class ApprovalBody(Body):
    """The number of the file, typed again."""

    reference: Annotated[str, Field(min_length=1, max_length=100)]


class ErasureRefusalBody(Body):
    """Why not, for the family to read."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ErasureAnswer(Answer):
    """Where the family's request stands; `none` when there never was one."""

    status: Literal["none", "asked", "withdrawn", "refused", "done"]
    asked_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str | None = None


class ErasureLine(Answer):
    """A family that may be erased; `until`: the last day of its last enrolment, as far as known."""

    family_id: UUID
    reference: str
    label: str
    asked_at: datetime | None = None
    until: date | None = None


class ErasuresAnswer(Answer):
    """Families that asked, and families that seem to have left `departed_after_months` ago."""

    asked: tuple[ErasureLine, ...]
    departed: tuple[ErasureLine, ...]
    departed_after_months: int
