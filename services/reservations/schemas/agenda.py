"""Bodies of what is asked and answered about agendas."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.chassis.web import Answer, Body
from services.reservations.model.late_asks import AskState

Label = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class AgendaQuery(Body):
    """The secret of the address."""

    token: Annotated[str, Field(max_length=100)]


class AgendaLinkBody(Body):
    """`label` says where the link is used; without `child_id` it shows all the children."""

    label: Label
    child_id: UUID | None = None


class AgendaLinkAnswer(Answer):
    """`last_read_on`: when a calendar program last came by; `own`: the caller made it."""

    link_id: UUID
    label: str
    child_id: UUID | None
    first_name: str | None
    own: bool
    created_at: datetime
    renewed_at: datetime | None
    last_read_on: date | None


class AgendaLinks(Answer):
    links: Sequence[AgendaLinkAnswer]


class AgendaSecret(Answer):
    """The secret is told this once: only its digest is kept."""

    link_id: UUID
    token: str


class OwnLateRequest(Answer):
    """A place that the family asked for after the limit."""

    ask_id: UUID
    child_id: UUID
    first_name: str
    activity_id: UUID
    activity_name: str
    date: date
    state: AskState
    reason: str | None
    asked_at: datetime
    answered_at: datetime | None


class OwnLateRequests(Answer):
    """Newest first."""

    late_requests: Sequence[OwnLateRequest]
