"""What the portal reads of the till, of credits and of credit notes."""

from datetime import date as day
from datetime import datetime
from uuid import UUID

from gateway.readers.reader import Reader


class Credit(Reader):
    family_id: UUID
    credit_cents: int = 0


class Refund(Reader):
    refund_id: UUID
    family_id: UUID
    amount_cents: int
    reason: str = ""
    refunded_at: datetime
    family_label: str = ""
    reversed_at: datetime | None = None
    reversal_reason: str | None = None


class JournalLine(Reader):
    kind: str  # payment | reversal | refund | refund_reversal
    payment_id: UUID | None = None
    refund_id: UUID | None = None
    method: str
    amount_cents: int  # below zero for what went out
    reference: str = ""
    at: datetime
    reason: str = ""
    family_id: UUID | None = None
    family_reference: str = ""
    family_label: str = ""


class MethodTotal(Reader):
    method: str
    count: int = 0
    amount_cents: int


class Journal(Reader):
    day: day
    lines: tuple[JournalLine, ...] = ()
    totals: tuple[MethodTotal, ...] = ()
    total_cents: int = 0


class Cheque(Reader):
    payment_id: UUID
    number: str
    bank: str = ""
    drawer: str = ""
    amount_cents: int
    reference: str = ""
    received_at: datetime | None = None


class Cheques(Reader):
    cheques: tuple[Cheque, ...] = ()


class Slip(Reader):
    slip_id: UUID
    number: str | None = None  # none while it is open
    made_at: datetime
    locked_at: datetime | None = None
    cheques: int = 0
    total_cents: int = 0
    lines: tuple[Cheque, ...] = ()


class Slips(Reader):
    slips: tuple[Slip, ...] = ()


class CreditNoteIssued(Reader):
    credit_note_id: UUID
    invoice_id: UUID
    number: str
    total_cents: int
    credited_cents: int = 0
