"""What documents tells the rest of the town."""

from datetime import datetime
from uuid import UUID

from contracts.events.documents import (
    AdministrativeDocumentPublished,
    AdministrativeDocumentWithdrawn,
    CertificateIssued,
    DocumentDeposited,
    VaultAccessChanged,
    VaultChange,
)
from services.documents.model import Document
from services.documents.model.certificate import KeptCertificate
from services.documents.model.publication import Publication


def deposited(document: Document) -> DocumentDeposited:
    """The fact that a paper came in; neither its type, its name nor its content."""
    return DocumentDeposited(
        document_id=document.document_id,
        family_id=document.family_id,
        child_id=document.child_id,
        deposited_at=document.deposited_at,
    )


def vault_access_changed(
    family_id: UUID, account_id: UUID, change: VaultChange, at: datetime
) -> VaultAccessChanged:
    """The fact that a vault can be opened otherwise than before; nothing of what lies in it."""
    return VaultAccessChanged(family_id=family_id, account_id=account_id, change=change, at=at)


def administrative_document_published(
    publication: Publication,
) -> AdministrativeDocumentPublished:
    """The town hands out a document, or its next version."""
    described = publication.description
    return AdministrativeDocumentPublished(
        document_id=publication.publication_id,
        version=publication.version,
        title=described.title,
        kind=described.kind,
        audience=described.audience,
        valid_from=described.valid_from,
        valid_until=described.valid_until,
    )


def administrative_document_withdrawn(
    publication: Publication,
) -> AdministrativeDocumentWithdrawn:
    """The town hands it out no longer."""
    return AdministrativeDocumentWithdrawn(
        document_id=publication.publication_id, version=publication.version
    )


def certificate_issued(kept: KeptCertificate) -> CertificateIssued:
    """The fact that a paper was made; not what it says."""
    return CertificateIssued(
        certificate_id=kept.certificate_id,
        family_id=kept.family_id,
        kind=kept.kind.value,
        issued_at=kept.issued_at,
    )
