"""The audit trail over HTTP: what may be asked, what is answered."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.accounts.model.trail import Outcome, Wanted, end_of, start_of
from services.chassis.endpoints import Answer, Body


class TrailFilter(Body):
    """Both days inclusive; `reference` is a file number, `action` one of the choices."""

    account_id: UUID | None = None
    family_id: UUID | None = None
    reference: Annotated[str, Field(max_length=100)] | None = None
    action: Annotated[str, Field(max_length=100)] | None = None
    outcome: Outcome | None = None
    since: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))] | None = None
    until: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))] | None = None

    @property
    def wanted(self) -> Wanted:
        """The same in the model's words."""
        return Wanted(
            account_id=self.account_id,
            family_id=self.family_id,
            reference=self.reference or None,
            action=self.action or None,
            outcome=self.outcome,
            since=start_of(self.since) if self.since else None,
            before=end_of(self.until) if self.until else None,
        )


class TrailQuery(TrailFilter):
    """One page of it."""

    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=200)] = 50


class TrailLine(Answer):
    """One act; `name` is who acted, as far as they still have an account."""

    act_id: UUID
    at: datetime
    service: str
    action: str
    label: str
    account_id: UUID | None
    name: str | None
    roles: tuple[str, ...]
    family_id: UUID | None
    family_label: str | None
    reference: str | None
    child_id: UUID | None
    object_id: UUID | None
    own_family_id: UUID | None
    outcome: Outcome
    refusal: str | None
    correlation_id: str


class TrailAnswer(Answer):
    """The lines, newest first."""

    acts: tuple[TrailLine, ...]
    total: int
    page: int
    size: int


class FamilyTrailAnswer(Answer):
    """The last acts on one family's data."""

    acts: tuple[TrailLine, ...]


class TrailAgent(Answer):
    """A member of staff who may be searched for."""

    account_id: UUID
    name: str


class TrailAction(Answer):
    """An operation that the trail knows."""

    action: str
    label: str


class TrailChoices(Answer):
    """What the search form offers."""

    agents: tuple[TrailAgent, ...]
    actions: tuple[TrailAction, ...]
