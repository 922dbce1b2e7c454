"""What the portal reads of documents' answers."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class DocumentType(Reader):
    code: str
    label: str
    per_child: bool = False
    asked_of: str = "activities"  # everyone | activities
    compulsory: bool = True
    validity: str = "none"  # none | months | school_year
    validity_months: int | None = None
    help: str = ""
    accepts: tuple[str, ...] = ()
    discreet: bool = False
    retired: bool = False


class DocumentTypes(Reader):
    types: tuple[DocumentType, ...] = ()


class Document(Reader):
    document_id: UUID
    document_type: str
    label: str = ""
    filename: str
    content_type: str = ""
    size: int = 0
    child_id: UUID | None = None
    deposited_at: datetime
    state: str = "submitted"
    valid_from: day | None = None
    valid_until: day | None = None
    reason: str | None = None
    absence_id: UUID | None = None

    @property
    def may_be_opened(self) -> bool:
        """Whether the scanner lets it be opened."""
        return self.state not in ("quarantined", "infected")

    @property
    def holds(self) -> bool:
        """Whether it was accepted and is not over."""
        return self.state in ("accepted", "expiring")


class Documents(Reader):
    documents: tuple[Document, ...] = ()


class Review(Document):
    """A document as the office reviews it."""

    family_id: UUID
    family_reference: str = ""
    family_label: str = ""
    child_name: str = ""
    proposed_until: day | None = None


class Reviews(Reader):
    documents: tuple[Review, ...] = ()
    total: int = 0
    page: int = 1
    size: int = 50
    scanned: bool = False
    quarantined: int = 0
    quarantined_since: datetime | None = None


class DocumentStep(Reader):
    at: datetime
    state: str
    note: str | None = None


class DocumentVersion(Reader):
    document_id: UUID
    filename: str
    deposited_at: datetime
    state: str
    valid_from: day | None = None
    valid_until: day | None = None


class DocumentDetail(Review):
    history: tuple[DocumentStep, ...] = ()
    versions: tuple[DocumentVersion, ...] = ()


class PageCount(Reader):
    pages: int
