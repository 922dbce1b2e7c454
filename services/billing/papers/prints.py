"""What a month's print batch shows: its invoices, and the sheet that goes before them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from services.billing.model.prints import PrintBatch
from services.billing.papers.invoices import Bill, invoice_data
from services.billing.papers.sending import Sender
from services.chassis.french import long_date


def slice_data(bills: Sequence[Bill], sender: Sender, today: date) -> dict[str, Any]:
    """Some invoices, each on pages of its own; their sender, with its mark, is told once."""
    invoices = [invoice_data(bill, sender, today) for bill in bills]
    return {
        "title": "Factures",
        "date": today.isoformat(),
        "sender": asdict(sender),
        "invoices": [
            {name: value for name, value in invoice.items() if name != "sender"}
            for invoice in invoices
        ],
    }


def cover_data(
    batch: PrintBatch, towns: Sequence[tuple[str, int]], pages: int, sender: Sender, today: date
) -> dict[str, Any]:
    """What the file holds, for whoever puts it into envelopes; `pages`: of the invoices."""
    volumes = f"Volume {batch.volume} sur {batch.volumes}" if batch.volumes > 1 else None
    return {
        "title": f"Factures {batch.month.of}",
        "date": today.isoformat(),
        "printed_on": long_date(today),
        "sender": asdict(sender),
        "volume": volumes,
        "whose": "familles sans adresse mail" if batch.without_mail else "toutes les familles",
        "letters": str(batch.invoices),
        "pages": str(pages),
        "towns": [[town or "Sans adresse", str(letters)] for town, letters in towns],
    }
