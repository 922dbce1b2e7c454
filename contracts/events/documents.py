"""What documents tells: papers received, what became of them, the kinds that the town asks for."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event, Fact

DocumentState = Literal[
    "quarantined",
    "submitted",
    "accepted",
    "expiring",
    "expired",
    "rejected",
    "infected",
    "replaced",
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


class DocumentAccepted(Event, producer="documents"):
    """The staff accepted a document; what it is, and until when it holds, stay private."""

    document_id: UUID
    version: int
    family_id: UUID
    child_id: UUID | None = None


class DocumentRejected(Event, producer="documents"):
    """The staff rejected a document; the reason is told to the family, not here."""

    document_id: UUID
    version: int
    family_id: UUID
    child_id: UUID | None = None


class DocumentExpiring(Event, producer="documents"):
    """An accepted document will soon hold no longer; told once."""

    document_id: UUID
    version: int
    family_id: UUID
    child_id: UUID | None = None
    valid_until: date


class DocumentExpired(Event, producer="documents"):
    """An accepted document holds no longer."""

    document_id: UUID
    version: int
    family_id: UUID
    child_id: UUID | None = None
    valid_until: date


class DocumentStateChanged(Event, producer="documents", private=True):
    """What a document is and where it stands now; the highest `version` of a document holds.

    `expiring` still holds. `called` is the document's name in messages, empty where the
    town keeps it out of them. `tell_family` says whether this step is news to the family.
    """

    document_id: UUID
    version: int
    family_id: UUID
    child_id: UUID | None = None
    document_type: str
    state: DocumentState
    deposited_at: datetime
    valid_from: date | None = None
    valid_until: date | None = None
    called: str = ""
    tell_family: bool = False


class DocumentTypeListed(Fact):
    """A kind of supporting document. `asked_of`: of everyone, or of whom an activity asks it."""

    code: str
    label: str
    per_child: bool
    asked_of: Literal["everyone", "activities"]
    compulsory: bool
    help: str = ""
    retired: bool = False


class DocumentTypesPublished(Event, producer="documents", key="catalogue_id"):
    """Every kind of supporting document that the town asks for; the highest `version` holds."""

    catalogue_id: UUID
    version: int
    types: tuple[DocumentTypeListed, ...]
