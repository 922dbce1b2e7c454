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


class DebitCandidate(Reader):
    """An invoice that can be collected."""

    invoice_id: UUID
    number: str
    family_id: UUID
    family_label: str = ""
    family_reference: str = ""
    due_on: day
    amount_cents: int
    rum: str = ""
    masked: str = ""


class DebitCandidates(Reader):
    earliest: day
    collected_on: day
    invoices: tuple[DebitCandidate, ...] = ()
    total_cents: int = 0


class Debit(Reader):
    debit_id: UUID
    end_to_end_id: str = ""
    family_id: UUID
    family_label: str = ""
    invoice_id: UUID
    invoice_number: str = ""
    rum: str = ""
    sequence_type: str = ""
    amount_cents: int
    returned_at: datetime | None = None
    reason: str = ""


class DebitBatch(Reader):
    batch_id: UUID
    number: int
    message_id: str = ""
    format: str = ""
    collected_on: day
    created_at: datetime | None = None
    debits: int
    total_cents: int
    collected_at: datetime | None = None
    returned: int = 0
    returned_cents: int = 0
    lines: tuple[Debit, ...] = ()


class DebitBatches(Reader):
    batches: tuple[DebitBatch, ...] = ()


class DebitReturn(Reader):
    """A debit that comes back; ends_mandate: its account will not be debited again."""

    debit_id: UUID
    end_to_end_id: str = ""
    family_id: UUID
    family_label: str = ""
    invoice_id: UUID
    invoice_number: str = ""
    amount_cents: int
    code: str = ""
    reason: str = ""
    ends_mandate: bool = False


class DebitReturns(Reader):
    """A file of the bank; until applied_at it is a trial that changed nothing."""

    file_id: UUID
    message_id: str = ""
    read_at: datetime
    applied_at: datetime | None = None
    returns: int = 0
    total_cents: int = 0
    lines: tuple[DebitReturn, ...] = ()


class DebitReturnsFiles(Reader):
    files: tuple[DebitReturns, ...] = ()
