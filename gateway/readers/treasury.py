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
    one_off_text: str = ""
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
    one_off: bool = False  # it collects one invoice
    ends_on: day | None = None  # it collects until then
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


class Ages(Reader):
    """Cents owed: not due yet, overdue by 1 to 30, 31 to 60, 61 to 90, more than 90 days."""

    not_due: int = 0
    first: int = 0
    second: int = 0
    third: int = 0
    fourth: int = 0
    overdue: int = 0
    total: int = 0


class AgedFamily(Ages):
    family_id: UUID
    family_label: str = ""
    family_reference: str = ""


class AgedTotals(Ages):
    families: int = 0
    overdue_families: int = 0


class AgedBalance(Reader):
    """As it stands today, the largest overdue first."""

    on: day
    families: tuple[AgedFamily, ...] = ()
    totals: AgedTotals
    page: int = 1
    size: int = 50


class OverdueInvoice(Reader):
    """An invoice that is not paid; last_step 0: no reminder yet."""

    invoice_id: UUID
    number: str
    family_id: UUID
    family_label: str = ""
    due_on: day
    amount_cents: int
    last_step: int = 0
    reminded_at: datetime | None = None


class OverdueInvoices(Reader):
    invoices: tuple[OverdueInvoice, ...] = ()


class ReminderStep(Reader):
    step: int
    days: int
    subject: str
    text: str
    automatic: bool = False  # it goes out by itself each day


class DueReminders(Reader):
    """What would go out today at one step."""

    step: int
    families: int
    letters: int = 0
    invoices: int
    amount_cents: int


class Reminders(Reader):
    steps: tuple[ReminderStep, ...] = ()
    due: tuple[DueReminders, ...] = ()


class SentReminders(Reader):
    reminders: int
    invoices: int
    amount_cents: int


class WriteOff(Reader):
    write_off_id: UUID
    invoice_id: UUID
    number: str = ""
    family_id: UUID
    family_label: str = ""
    amount_cents: int
    reason: str = ""
    decided_at: datetime
    reversed_at: datetime | None = None


class WriteOffs(Reader):
    write_offs: tuple[WriteOff, ...] = ()


class Bordereau(Reader):
    """What the public accountant was sent at one time."""

    batch_id: UUID
    fiscal_year: int
    number: int
    register_code: str = ""
    filename: str = ""
    created_at: datetime
    pieces: int
    total_cents: int
    with_papers: bool = False
    debited_on: day | None = None


class Bordereaux(Reader):
    bordereaux: tuple[Bordereau, ...] = ()


class Transmissible(Reader):
    """What can be handed over; with_mandate: of families whose account may be debited."""

    due_by: day
    invoices: int = 0
    with_mandate: int = 0
    total_cents: int = 0
    registers: tuple[str, ...] = ()
