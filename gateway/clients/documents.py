"""documents, as the portal asks it."""

from collections.abc import Sequence
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import Document, Documents, DocumentType, DocumentTypes
from gateway.transfer import Download, Upload


class DocumentsClient(Area):
    """Supporting documents."""

    async def types(self) -> Sequence[DocumentType]:
        return (await self.read(DocumentTypes, "/document-types")).types

    async def documents(self, family_id: UUID | None = None) -> Sequence[Document]:
        """A guardian's own; the office names the family."""
        return (await self.read(Documents, "/documents", family_id=family_id)).documents

    async def deposit(
        self, document_type: str, upload: Upload, *, child_id: UUID | None = None
    ) -> Document:
        """PDF, JPEG or PNG of at most 10 MB, judged by content."""
        return await self.pour(
            Document,
            "/documents",
            upload.stream(),
            "application/octet-stream",
            type=document_type,
            child_id=child_id,
            filename=upload.filename[:500],
        )

    def content(self, document_id: UUID) -> Download:
        return self.download(f"/documents/{document_id}/content")
