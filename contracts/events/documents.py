"""What documents tells: papers received."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event

VaultChange = Literal[
    "created",
    "passphrase_changed",
    "recovered",
    "recovery_key_renewed",
    "invited",
    "joined",
    "erased",
]


class DocumentDeposited(Event, producer="documents"):
    """A family handed in a supporting document; what it is, and its content, stay in documents.

    Its type is not told: a care plan or a custody ruling says something of a child.
    """

    document_id: UUID
    family_id: UUID
    child_id: UUID | None = None
    deposited_at: datetime


class VaultAccessChanged(Event, producer="documents"):
    """Who can open a family's vault, or by what, is different; its content is never told of."""

    family_id: UUID
    account_id: UUID
    change: VaultChange
    at: datetime
