"""What documents tells: papers and what became of them, vaults, what the town hands out."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event, Fact

AdministrativeKind = Literal["rules", "menu", "calendar", "form", "other"]
VaultChange = Literal[
    "created",
    "passphrase_changed",
    "recovered",
    "recovery_key_renewed",
    "invited",
    "joined",
    "erased",
]
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

    `absence_id` is the absence that a medical certificate was handed in for, where one was named.
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
    absence_id: UUID | None = None


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


class VaultAccessChanged(Event, producer="documents"):
    """Who can open a family's vault, or by what, is different; its content is never told of."""

    family_id: UUID
    account_id: UUID
    change: VaultChange
    at: datetime


class AdministrativeDocumentPublished(Event, producer="documents", key="document_id"):
    """The town hands out a document, or another version of it; the highest `version` holds.

    `audience` says whether anyone may read it on the portal, or signed-in families alone.
    """

    document_id: UUID
    version: int
    title: str
    kind: AdministrativeKind
    audience: Literal["everyone", "families"]
    valid_from: date
    valid_until: date | None = None


class AdministrativeDocumentWithdrawn(Event, producer="documents", key="document_id"):
    """The town hands the document out no longer."""

    document_id: UUID
    version: int


class CertificateIssued(Event, producer="documents"):
    """The town certified something to a family on paper; what it says stays in documents."""

    certificate_id: UUID
    family_id: UUID
    kind: Literal["enrolment", "attendance", "payment", "childcare_tax"]
    issued_at: datetime
