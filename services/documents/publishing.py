"""What documents tells the rest of the town."""

from datetime import datetime
from uuid import UUID

from contracts.events.documents import DocumentDeposited, VaultAccessChanged, VaultChange
from services.documents.model import Document


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
