"""What the portal reads of mandates, direct debits, exports and unpaid invoices."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class MandateTerms(Reader):
    """What a family signs."""

    creditor_name: str
    creditor_id: str
    text: str
    notice_days: int = 14


class Mandate(Reader):
    mandate_id: UUID
    rum: str
    family_id: UUID
    family_label: str = ""
    family_reference: str = ""
    holder: str = ""
    masked: str = ""
    bic: str = ""
    bank: str = ""
    signed_on: day
    last_used_on: day | None = None
    expires_on: day
    consent: str = ""
    state: str  # active | expired | revoked
    revoked_at: datetime | None = None
    revoked_cause: str | None = None
    revoked_reason: str = ""


class Mandates(Reader):
    mandates: tuple[Mandate, ...] = ()
