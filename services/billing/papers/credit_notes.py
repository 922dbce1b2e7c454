"""What the paper of a credit note shows, as texts."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.billing.model.months import Month
from services.billing.model.wording import euros
from services.billing.papers.sending import Sender
from services.billing.schemas.credit_note import CreditNoteDetailAnswer
from services.chassis.french import long_date


def credit_note_data(
    note: CreditNoteDetailAnswer, addressee: Sequence[str], sender: Sender
) -> dict[str, Any]:
    """What the credit note's template shows, as texts."""
    return {
        "sender": asdict(sender),
        "addressee": list(addressee),
        "number": note.number,
        "date": note.issued_on.isoformat(),
        "issued_on": long_date(note.issued_on),
        "family_reference": note.family_reference,
        "invoice": note.invoice_number,
        "invoice_issued_on": long_date(note.invoice_issued_on),
        "reason": note.reason,
        "lines": [
            {
                "child": line.child_name,
                "activity": line.activity_name,
                "period": Month.parse(line.period).label,
                "amount": euros(line.amount_cents),
            }
            for line in note.lines
        ],
        "total": euros(note.total_cents),
        "credited": euros(note.credited_cents) if note.credited_cents else None,
    }
