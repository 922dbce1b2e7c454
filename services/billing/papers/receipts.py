"""What the receipt of a payment shows, as texts."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from services.billing.model.months import Month
from services.billing.model.payments import Method
from services.billing.model.wording import NBSP, euros
from services.billing.papers.sending import Sender
from services.billing.schemas import PaymentAnswer
from services.chassis.clock import PARIS
from services.chassis.french import long_date

METHOD_LABELS: Final = {
    Method.CARD: "Carte bancaire",
    Method.DIRECT_DEBIT: "Prélèvement",
    Method.CASH: "Espèces",
    Method.CHEQUE: "Chèque",
    Method.CESU: "CESU",
}


def receipt_data(
    payment: PaymentAnswer, addressee: Sequence[str], sender: Sender
) -> dict[str, Any]:
    """What the receipt's template shows, as texts. Raises ValueError when nothing was received."""
    if payment.received_at is None:
        raise ValueError("nothing was received")
    received = payment.received_at.astimezone(PARIS)
    return {
        "sender": asdict(sender),
        "addressee": list(addressee),
        "date": received.date().isoformat(),
        "received_on": long_date(received.date()),
        "received_at": f"{received:%H:%M}".replace(":", f"{NBSP}h{NBSP}"),
        "reference": payment.reference,
        "payment_id": str(payment.payment_id),
        "online": payment.method is Method.CARD,
        "method": METHOD_LABELS[payment.method],
        "credit": euros(payment.credit_cents) if payment.credit_cents else None,
        "reversed_on": _day(payment.reversed_at),
        "amount": euros(payment.amount_cents),
        "invoices": [
            {
                "number": paid.number,
                "period": Month.parse(paid.period).label,
                "amount": euros(paid.amount_cents),
            }
            for paid in payment.invoices
        ],
    }


def _day(instant: datetime | None) -> str | None:
    return long_date(instant.astimezone(PARIS).date()) if instant else None
