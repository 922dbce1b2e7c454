"""What the portal reads of what the town publishes."""

from datetime import date, datetime
from uuid import UUID

from gateway.readers.reader import Reader


class Publication(Reader):
    publication_id: UUID
    title: str
    kind: str
    audience: str = "families"
    valid_from: date
    valid_until: date | None = None
    version: int = 1
    filename: str = ""
    size: int = 0
    published_at: datetime
    withdrawn_at: datetime | None = None


class Publications(Reader):
    publications: tuple[Publication, ...] = ()
