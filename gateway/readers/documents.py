"""What the portal reads of documents' answers."""

from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class DocumentType(Reader):
    code: str
    label: str
    per_child: bool = False


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


class Documents(Reader):
    documents: tuple[Document, ...] = ()
