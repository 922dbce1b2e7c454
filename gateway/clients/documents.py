"""documents, as the portal asks it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers import (
    Document,
    DocumentDetail,
    Documents,
    DocumentType,
    DocumentTypes,
    PageCount,
    Review,
    Reviews,
)
from gateway.several import files_of
from gateway.transfer import Download, Upload


class DocumentsClient(Area):
    """Supporting documents."""

    async def types(self) -> Sequence[DocumentType]:
        """Those that the town asks for; for the office, those given up as well."""
        return (await self.read(DocumentTypes, "/document-types")).types

    async def save_type(self, kind: Mapping[str, Any]) -> None:
        """Create it, or change the one of the same code."""
        await self.order("POST", "/document-types", kind)

    async def documents(self, family_id: UUID | None = None) -> Sequence[Document]:
        """A guardian's own; the office names the family."""
        return (await self.read(Documents, "/documents", family_id=family_id)).documents

    async def document(self, document_id: UUID) -> DocumentDetail:
        """One document with its life and the versions for the same purpose."""
        return await self.read(DocumentDetail, f"/documents/{document_id}")

    async def deposit(
        self,
        document_type: str,
        upload: Upload,
        *,
        max_megabytes: int,
        family_id: UUID | None = None,
        child_id: UUID | None = None,
        replaces: UUID | None = None,
        absence_id: UUID | None = None,
    ) -> Document:
        """PDF, JPEG or PNG, judged by content; several files become one document.

        The office names the family. `absence_id`: what a medical certificate excuses.
        """
        files = await files_of(upload, max_megabytes)
        return await self.pour(
            Document,
            "/documents",
            files.content,
            files.kind,
            type=document_type,
            family_id=family_id,
            child_id=child_id,
            replaces=replaces,
            absence_id=absence_id,
        )

    def content(self, document_id: UUID) -> Download:
        return self.download(f"/documents/{document_id}/content")

    def picture(self, document_id: UUID, page: int) -> Download:
        """One page as a picture, in which nothing can run."""
        return self.download(f"/documents/{document_id}/picture?page={page}")

    async def page_count(self, document_id: UUID) -> int:
        return (await self.read(PageCount, f"/documents/{document_id}/pages")).pages

    async def reviews(
        self, document_type: str | None = None, *, page: int = 1, size: int = 25
    ) -> Reviews:
        """What waits for the office, oldest first."""
        return await self.read(Reviews, "/reviews", type=document_type, page=page, size=size)

    async def accept(
        self, document_id: UUID, *, valid_from: date | None, valid_until: date | None
    ) -> Review:
        body = {"valid_from": _text(valid_from), "valid_until": _text(valid_until)}
        return await self.send(Review, "POST", f"/documents/{document_id}/accept", body)

    async def reject(self, document_id: UUID, reason: str) -> Review:
        return await self.send(
            Review, "POST", f"/documents/{document_id}/reject", {"reason": reason}
        )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
