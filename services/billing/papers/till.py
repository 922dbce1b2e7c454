"""What the till's papers show, as texts."""

from dataclasses import asdict
from typing import Any

from services.billing.model.wording import euros
from services.billing.papers.sending import Sender
from services.billing.schemas.till import ChequeAnswer, SlipDetailAnswer
from services.chassis.clock import PARIS
from services.chassis.french import long_date


def slip_data(slip: SlipDetailAnswer, sender: Sender) -> dict[str, Any]:
    """What the template of a deposit slip shows; a slip that is open is a draft."""
    day = (slip.locked_at or slip.made_at).astimezone(PARIS).date()
    name = f"Remise de chèques {slip.number}" if slip.number else "Remise de chèques (brouillon)"
    return {
        "sender": asdict(sender),
        "title": name,
        "date": day.isoformat(),
        "long_date": long_date(day),
        "count": str(slip.cheques),
        "total": euros(slip.total_cents),
        "cheques": [_cheque(cheque) for cheque in slip.lines],
    }


def _cheque(cheque: ChequeAnswer) -> dict[str, str]:
    return {
        "number": cheque.number,
        "bank": cheque.bank,
        "drawer": cheque.drawer,
        "amount": euros(cheque.amount_cents),
    }
