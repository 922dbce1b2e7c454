"""Bodies about direct debits."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.chassis.web import Answer, Body

# Far above the families of a large city that pay by debit.
MOST_DEBITS = 50_000


class CandidatesQuery(Body):
    """For which day; none is the first on which families are told in time."""

    collected_on: date | None = None


class CandidateAnswer(Answer):
    """An invoice that can be collected."""

    invoice_id: UUID
    number: str
    family_id: UUID
    family_label: str
    family_reference: str
    due_on: date
    amount_cents: int
    rum: str
    masked: str


class CandidatesAnswer(Answer):
    """What can be collected on a day. `earliest`: the first on which families are told in time."""

    earliest: date
    collected_on: date
    invoices: Sequence[CandidateAnswer]
    total_cents: int


class BatchBody(Body):
    """When to collect which invoices; without invoices all that can be."""

    collected_on: date
    invoice_ids: tuple[UUID, ...] | None = Field(default=None, min_length=1, max_length=MOST_DEBITS)


class BatchAnswer(Answer):
    """What was sent to the bank at one time."""

    batch_id: UUID
    number: int
    message_id: str
    format: str
    collected_on: date
    created_at: datetime
    debits: int
    total_cents: int
    collected_at: datetime | None
    returned: int
    returned_cents: int


class BatchesAnswer(Answer):
    """The batches, newest first."""

    batches: Sequence[BatchAnswer]


class DebitAnswer(Answer):
    """What is collected of one invoice, and why it came back if it did."""

    debit_id: UUID
    end_to_end_id: str
    family_id: UUID
    family_label: str
    invoice_id: UUID
    invoice_number: str
    rum: str
    sequence_type: str
    amount_cents: int
    collected_at: datetime | None
    returned_at: datetime | None
    return_code: str | None
    reason: str


class BatchDetailAnswer(BatchAnswer):
    """A batch with its debits."""

    lines: Sequence[DebitAnswer]


class ReturnsAnswer(Answer):
    """A file of the bank; until applied_at it is a trial that changed nothing."""

    file_id: UUID
    message_id: str
    read_at: datetime
    applied_at: datetime | None
    returns: int
    total_cents: int


class ReturnsListAnswer(Answer):
    """The bank's files, newest first."""

    files: Sequence[ReturnsAnswer]


class ReturnLineAnswer(Answer):
    """A debit that comes back; ends_mandate: its account will not be debited again."""

    debit_id: UUID
    end_to_end_id: str
    family_id: UUID
    family_label: str
    invoice_id: UUID
    invoice_number: str
    amount_cents: int
    code: str
    reason: str
    ends_mandate: bool


class ReturnsDetailAnswer(ReturnsAnswer):
    """A file of the bank with its lines."""

    lines: Sequence[ReturnLineAnswer]
