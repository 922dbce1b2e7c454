"""What documents tells: papers received."""

from datetime import datetime
from uuid import UUID

from contracts.envelope import Event


class DocumentDeposited(Event, producer="documents"):
    """A family handed in a supporting document; what it is, and its content, stay in documents.

    Its type is not told: a care plan or a custody ruling says something of a child.
    """

    document_id: UUID
    family_id: UUID
    child_id: UUID | None = None
    deposited_at: datetime
