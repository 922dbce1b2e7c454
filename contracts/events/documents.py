"""What documents tells: papers received."""

from datetime import datetime
from uuid import UUID

from contracts.envelope import Event


class DocumentDeposited(Event, producer="documents"):
    """A family handed in a supporting document; its content stays in documents."""

    document_id: UUID
    family_id: UUID
    child_id: UUID | None = None
    document_type: str
    deposited_at: datetime
