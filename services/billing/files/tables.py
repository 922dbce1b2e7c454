"""Tables for spreadsheets: the aged balance, and the books for the town's accounts."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from services.chassis.clock import PARIS
from services.chassis.spreadsheet import safe_cell

# Tells spreadsheets that this is UTF-8.
MARK: Final = b"\xef\xbb\xbf"

AGED_HEADING: Final = (
    "Dossier",
    "Famille",
    "Non échu",
    "1 à 30 jours",
    "31 à 60 jours",
    "61 à 90 jours",
    "Plus de 90 jours",
    "Total échu",
    "Total",
)
BOOKS_HEADING: Final = (
    "Date",
    "Pièce",
    "Écriture",
    "Compte",
    "Libellé",
    "Débit",
    "Crédit",
    "Régie",
    "Dossier",
    "Facture",
)

# What a posting is called, by its kind; others are told as they stand.
KINDS: Final[Mapping[str, str]] = {
    "invoice": "Facture",
    "payment": "Règlement",
    "payment_reversal": "Annulation de règlement",
    "credit_use": "Avance utilisée",
    "cheque_slip": "Remise de chèques",
    "credit_note": "Avoir",
    "refund": "Remboursement",
    "refund_claim": "Remboursement à rendre",
    "refund_reversal": "Annulation de remboursement",
    "direct_debit": "Prélèvement",
    "direct_debit_return": "Rejet de prélèvement",
    "write_off": "Abandon de créance",
    "write_off_reversal": "Annulation d’abandon",
}


def line(cells: Iterable[str]) -> bytes:
    """One row, cells apart by semicolons, no cell a formula."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow([safe_cell(cell) for cell in cells])
    return text.getvalue().encode()


def aged_line(row: Mapping[str, Any]) -> bytes:
    """What one family owes."""
    ages = ("not_due", "first", "second", "third", "fourth", "overdue", "total")
    return line(
        (row["family_reference"], row["family_label"], *(_euros(row[name]) for name in ages))
    )


def books_line(row: Mapping[str, Any], codes: Mapping[str, str]) -> bytes:
    """One entry of the books; `codes`: the number of each account in the town's plan."""
    cents, at = row["amount_cents"], row["posted_at"]
    return line(
        (
            _day(at),
            str(row["source_id"]),
            str(row["position"]),
            codes.get(row["account"], row["account"]),
            KINDS.get(row["kind"], row["kind"]),
            _euros(cents) if cents > 0 else "",
            _euros(-cents) if cents < 0 else "",
            row["register"],
            row["reference"] or "",
            row["number"] or "",
        )
    )


def _euros(cents: int) -> str:
    """1234 -> 12,34, a number to a French spreadsheet; what is owed is never below zero."""
    return f"{cents // 100},{cents % 100:02}"


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%d/%m/%Y}"
