"""Request and answer bodies of what the town publishes."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.chassis.web import Answer, Body
from services.documents.model.publication import Audience, Kind, Publication


class PublishQuery(Body):
    """What the file in the request's body is; the body itself is the raw PDF."""

    title: str = Field(min_length=1, max_length=150)
    kind: Kind
    audience: Audience
    valid_from: date
    valid_until: date | None = None
    filename: str = Field(default="", max_length=500)


class ReplaceQuery(Body):
    """The name of the file in the request's body."""

    filename: str = Field(default="", max_length=500)


class PublicationAnswer(Answer):
    """What the town hands out, without its content."""

    publication_id: UUID
    title: str
    kind: Kind
    audience: Audience
    valid_from: date
    valid_until: date | None
    version: int
    filename: str
    size: int
    published_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, publication: Publication) -> "PublicationAnswer":
        """The answer that shows this publication."""
        described, content = publication.description, publication.content
        return cls(
            publication_id=publication.publication_id,
            title=described.title,
            kind=described.kind,
            audience=described.audience,
            valid_from=described.valid_from,
            valid_until=described.valid_until,
            version=publication.version,
            filename=content.filename,
            size=content.size,
            published_at=publication.published_at,
            withdrawn_at=publication.withdrawn_at,
        )


class PublicationsAnswer(Answer):
    """All that this reader may have, by kind."""

    publications: Sequence[PublicationAnswer]
