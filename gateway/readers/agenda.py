"""What the portal reads of an agenda's secret addresses."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class AgendaLink(Reader):
    link_id: UUID
    label: str
    child_id: UUID | None = None
    first_name: str | None = None
    own: bool = True
    created_at: datetime
    renewed_at: datetime | None = None
    last_read_on: day | None = None


class AgendaLinks(Reader):
    links: tuple[AgendaLink, ...] = ()


class AgendaSecret(Reader):
    link_id: UUID
    token: str


class LateRequest(Reader):
    """A place that the family asked for after the limit."""

    ask_id: UUID
    child_id: UUID
    first_name: str = ""
    activity_name: str = ""
    date: day
    state: str  # pending | accepted | refused | withdrawn
    reason: str | None = None
    asked_at: datetime
    answered_at: datetime | None = None


class LateRequests(Reader):
    late_requests: tuple[LateRequest, ...] = ()
