"""Bodies of what is asked and answered about agendas."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.chassis.web import Answer, Body

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
