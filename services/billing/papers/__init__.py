"""Invoices and receipts on paper, by typst.

`set_paper` runs in the process pool: it takes and gives plain values.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import typst
from aiohttp import web

from services.billing.model.months import Month
from services.billing.model.payments import Method
from services.billing.model.wording import NBSP, euros, long_date
from services.billing.schemas import PaymentAnswer
from services.chassis.clock import PARIS

PAPERS: Final = Path(__file__).parent
FONTS: Final = PAPERS.parents[1] / "chassis" / "fonts"

Paper = Literal["invoice", "receipt", "slip", "credit_note"]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who invoices, and where payers find the portal."""

    town: str
    office: str
    lines: tuple[str, ...]
    portal_url: str


SENDER = web.AppKey("sender", Sender)
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


@lru_cache(maxsize=4)
def _compiler(paper: Paper) -> Any:
    # Kept per process: template and fonts are read once.
    return typst.Compiler(
        str(PAPERS / f"{paper}.typ"),
        root=str(PAPERS),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )


# Kept for years and read aloud: archival (PDF/A-3, level A) and accessible (PDF/UA).
STANDARDS: Final = ["a-3a", "ua-1"]


def set_paper(paper: Paper, data: dict[str, Any]) -> bytes:
    """The paper as PDF; the same data give the same bytes."""
    pdf: bytes = _compiler(paper).compile(
        sys_inputs={"data": json.dumps(data)}, pdf_standards=STANDARDS
    )
    return pdf


def pdf_response(pdf: bytes, filename: str) -> web.Response:
    """The paper as an answer: shown in the browser, kept by no cache on the way."""
    headers = {
        "Content-Disposition": f'inline; filename="{filename}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=pdf, content_type="application/pdf", headers=headers)
