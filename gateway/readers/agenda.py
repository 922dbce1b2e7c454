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
