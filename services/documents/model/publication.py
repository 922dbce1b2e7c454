"""What the town publishes: rules, menus, calendars."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from contracts.roles import ANONYMOUS, STAFF
from services.documents.errors.publication import PublicationRefused, PublicationWithdrawn

Kind = Literal["rules", "menu", "calendar", "form", "other"]
Audience = Literal["everyone", "families"]

PDF: Final = "application/pdf"
# The owner of the town's own key: no family has the nil id.
TOWN: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Description:
    """What a publication is, for whom, and from when until when."""

    title: str
    kind: Kind
    audience: Audience
    valid_from: date
    valid_until: date | None

    def accepted(self) -> "Description":
        """The same. Raises PublicationRefused when it contradicts itself."""
        if not self.title.strip():
            raise PublicationRefused.because("title", "Donnez un titre au document.")
        if self.valid_until and self.valid_until < self.valid_from:
            raise PublicationRefused.because("valid_until", "La fin de validité précède son début.")
        return self


@dataclass(frozen=True, slots=True)
class Content:
    """The file of a publication; its bytes lie in storage."""

    content_id: UUID
    filename: str
    size: int


@dataclass(frozen=True, slots=True)
class Publication:
    """An administrative document that the town hands out."""

    publication_id: UUID
    description: Description
    version: int
    content: Content
    published_at: datetime
    published_by: UUID | None
    withdrawn_at: datetime | None = None

    def replaced(self, content: Content, now: datetime, by: UUID | None) -> "Publication":
        """The next version. Raises PublicationWithdrawn."""
        if self.withdrawn_at:
            raise PublicationWithdrawn
        return replace(
            self, version=self.version + 1, content=content, published_at=now, published_by=by
        )

    def withdrawn(self, now: datetime) -> "Publication":
        """No longer handed out; a second withdrawal changes nothing."""
        return self if self.withdrawn_at else replace(self, withdrawn_at=now)

    def is_shown_to(self, roles: Collection[str], today: date) -> bool:
        """Whether this reader may have it today; the staff see all."""
        if not STAFF.isdisjoint(roles):
            return True
        if self.withdrawn_at or self.description.valid_from > today:
            return False
        if self.description.valid_until and self.description.valid_until < today:
            return False
        return self.description.audience == "everyone" or ANONYMOUS not in roles
