"""What is told of a document's life, and of the kinds of document."""

from collections.abc import Iterable
from uuid import UUID

from contracts.envelope import Event
from contracts.events.documents import (
    DocumentAccepted,
    DocumentExpired,
    DocumentExpiring,
    DocumentRejected,
    DocumentState,
    DocumentStateChanged,
    DocumentTypeListed,
    DocumentTypesPublished,
)
from services.documents.model import Document, DocumentType


def stands(
    document: Document, kind: DocumentType, *, state: DocumentState | None = None, news: bool
) -> DocumentStateChanged:
    """Where the document stands, for the services alone; `news` is what the family should read."""
    return DocumentStateChanged(
        document_id=document.document_id,
        version=document.version,
        family_id=document.family_id,
        child_id=document.child_id,
        document_type=document.document_type,
        state=state or document.state,
        deposited_at=document.deposited_at,
        valid_from=document.valid_from,
        valid_until=document.valid_until,
        called="" if kind.discreet else kind.label,
        tell_family=news,
        absence_id=document.absence_id,
    )


def reached(document: Document) -> list[Event]:
    """What the town at large is told of the document's newest step: ids, and no type."""
    common = {
        "document_id": document.document_id,
        "version": document.version,
        "family_id": document.family_id,
        "child_id": document.child_id,
    }
    match document.state:
        case "accepted":
            return [DocumentAccepted.model_validate(common)]
        case "rejected":
            return [DocumentRejected.model_validate(common)]
        case "expiring":
            return [DocumentExpiring.model_validate(common | {"valid_until": document.valid_until})]
        case "expired":
            return [DocumentExpired.model_validate(common | {"valid_until": document.valid_until})]
        case _:
            return []


def types(
    catalogue_id: UUID, version: int, kinds: Iterable[DocumentType]
) -> DocumentTypesPublished:
    """The whole list of types as it stands."""
    return DocumentTypesPublished(
        catalogue_id=catalogue_id,
        version=version,
        types=tuple(
            DocumentTypeListed(
                code=kind.code,
                label=kind.label,
                per_child=kind.per_child,
                asked_of=kind.asked_of,
                compulsory=kind.compulsory,
                help=kind.help,
                retired=kind.retired,
            )
            for kind in kinds
        ),
    )
