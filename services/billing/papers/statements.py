"""What the statement of a family's year shows, as texts."""

from dataclasses import asdict
from datetime import date
from typing import Any, Final

from services.billing.model.payments import Method
from services.billing.model.statement import Movement, Payer, Statement
from services.billing.model.wording import NBSP, euros
from services.billing.papers.receipts import METHOD_LABELS
from services.billing.papers.sending import Sender
from services.chassis.french import long_date

LABELS: Final = {
    "invoice": "Facture",
    "credit_note": "Avoir",
    "payment": "Paiement",
    "payment_reversal": "Annulation d’un paiement",
    "direct_debit": "Prélèvement",
    "direct_debit_return": "Rejet de prélèvement",
    "refund": "Remboursement",
    "refund_reversal": "Annulation d’un remboursement",
    "write_off": "Créance abandonnée",
    "write_off_reversal": "Annulation d’un abandon de créance",
}


def statement_data(
    statement: Statement, payer: Payer, sender: Sender, today: date
) -> dict[str, Any]:
    """What the statement's template shows, as texts; a year that is not over stands at today."""
    last = min(date(statement.year, 12, 31), today)
    return {
        "sender": asdict(sender),
        "portal": sender.portal_url.partition("://")[2].rstrip("/"),
        "addressee": list(payer.addressee),
        "family_reference": payer.reference,
        "date": today.isoformat(),
        "made_on": long_date(today),
        "year": str(statement.year),
        "first_day": long_date(date(statement.year, 1, 1)),
        "last_day": long_date(last),
        "opening": euros(statement.opening_cents),
        "closing": euros(abs(statement.closing_cents)),
        "standing": _standing(statement.closing_cents),
        "charged": euros(statement.charged_cents),
        "paid": euros(statement.paid_cents),
        "movements": list(_rows(statement)),
    }


def _standing(cents: int) -> str:
    if cents > 0:
        return "Reste à payer"
    return "Avance de la famille" if cents < 0 else "Compte soldé"


def _rows(statement: Statement) -> list[dict[str, str]]:
    rows, balance = [], statement.opening_cents
    for movement in statement.movements:
        balance += movement.amount_cents
        cents = movement.amount_cents
        rows.append(
            {
                "day": f"{movement.day:%d/%m/%Y}",
                "label": _label(movement),
                "charged": euros(cents) if movement.is_charge else "",
                "paid": "" if movement.is_charge else euros(-cents),
                "balance": euros(balance),
            }
        )
    return rows


def _label(movement: Movement) -> str:
    name = LABELS.get(movement.kind, "Écriture")
    if movement.method and movement.kind == "payment":
        name += f" ({METHOD_LABELS[Method(movement.method)].lower()})"
    numbers = ", ".join(movement.references)
    return f"{name} n°{NBSP}{numbers}" if numbers else name
