"""What documents tells: papers received."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.envelope import Event

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
