"""What documents tells the rest of the town."""

from contracts.events.documents import DocumentDeposited
from services.documents.model import Document


def deposited(document: Document) -> DocumentDeposited:
    """The fact that a paper came in; neither its type, its name nor its content."""
    return DocumentDeposited(
        document_id=document.document_id,
        family_id=document.family_id,
        child_id=document.child_id,
        deposited_at=document.deposited_at,
    )
