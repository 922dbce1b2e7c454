"""What the paper of an invoice shows, as texts."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Self

import segno

from services.billing.model.months import Month
from services.billing.model.organisations import SIREN_DIGITS, Organisation
from services.billing.model.units import Basis
from services.billing.model.wording import NBSP, euros
from services.billing.papers.electronic import Electronic
from services.billing.papers.sending import Sender
from services.billing.schemas import InvoiceDetailAnswer, LineAnswer
from services.chassis.french import day_numbers, long_date

# Of the other invoices that wait, so many are named; the rest are counted.
NAMED_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Owed:
    """Another invoice that is still to be paid."""

    number: str
    period: str
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice, whom it is sent to, and what else its family owes."""

    invoice: InvoiceDetailAnswer
    addressee: tuple[str, ...]
    others: tuple[Owed, ...]
    organisation: Organisation | None
    # Whether its account is a third party's, for whom nobody signs in to pay.
    outsider: bool = False

    @classmethod
    def of(
        cls,
        *,
        invoice: Mapping[str, Any],
        addressee: Sequence[str],
        others: Sequence[Any],
        payer: str | None = None,
        siret: str | None = None,
        outsider: bool = False,
        quoted: tuple[str | None, str | None] = ("", ""),
    ) -> Self:
        """From what the database holds; an organisation pays when it has a SIRET.

        `quoted`: its service code and the engagement.
        """
        owed = tuple(Owed(**other) for other in others)
        organisation = (
            Organisation(payer, siret, *(text or "" for text in quoted))
            if payer and siret
            else None
        )
        read = InvoiceDetailAnswer.model_validate(invoice)
        return cls(read, tuple(addressee), owed, organisation, outsider)

    @property
    def standing(self) -> bytes:
        """What of the paper may change: what is credited, claimed, paid, debited, owed; who pays.

        By values, so that another way of wording them is no other standing. What was given up is
        what the others leave of the total.
        """
        invoice = self.invoice
        said = (
            [(note.number, note.total_cents) for note in invoice.credit_notes],
            invoice.claimed_cents,
            invoice.paid_cents,
            invoice.balance_cents,
            invoice.debited_on.isoformat() if invoice.debited_on else None,
            [(other.number, other.balance_cents) for other in self.others],
            astuple(self.organisation) if self.organisation else None,
        )
        return hashlib.sha256(json.dumps(said).encode()).digest()

    def electronic(self, sender: Sender) -> Electronic | None:
        """The invoice as data, where an organisation pays."""
        if self.organisation is None:
            return None
        return Electronic(
            number=self.invoice.number,
            issued_on=self.invoice.issued_on,
            seller=sender.town,
            seller_siren=sender.siret[:SIREN_DIGITS],
            buyer=self.organisation.name,
            buyer_siren=self.organisation.siren,
            buyer_service=self.organisation.service_code,
            buyer_engagement=self.organisation.engagement,
            total_cents=self.invoice.total_cents,
            due_cents=self.invoice.balance_cents,
        )


def invoice_data(bill: Bill, sender: Sender, as_of: date) -> dict[str, Any]:
    """What the invoice's template shows, as texts; `as_of`: the day the books were asked."""
    invoice = bill.invoice
    by_child = groupby(invoice.lines, key=attrgetter("child_id", "child_name"))
    address = f"{sender.portal_url.rstrip('/')}/factures"
    return {
        "sender": asdict(sender),
        "addressee": list(bill.addressee),
        "number": invoice.number,
        "date": invoice.issued_on.isoformat(),
        "issued_on": long_date(invoice.issued_on),
        "due_on": long_date(invoice.due_on),
        "as_of": long_date(as_of),
        "title": f"Facture {Month.parse(invoice.period).of}",
        "period": _period(invoice),
        "family_reference": invoice.family_reference,
        "payer": _payer(bill.organisation),
        "children": [_child(name, list(lines)) for (_, name), lines in by_child],
        "total": euros(invoice.total_cents),
        "deductions": list(_deductions(invoice)),
        "balance": euros(invoice.balance_cents),
        "settled": invoice.balance_cents <= 0,
        "given_up": invoice.status == "written_off",
        "debited_on": long_date(invoice.debited_on) if invoice.debited_on else None,
        "others": list(_others(bill.others)),
        "pay_address": None if bill.outsider else address.partition("://")[2],
        "pay_square": None if bill.outsider else _square(address),
    }


def _period(invoice: InvoiceDetailAnswer) -> str:
    """« décembre 2026 », and the months before of which there are lines."""
    others = sorted({line.period for line in invoice.lines} - {invoice.period})
    label = Month.parse(invoice.period).label
    if not others:
        return label
    return f"{label}, dont {' et '.join(Month.parse(other).label for other in others)}"


def _payer(organisation: Organisation | None) -> str | None:
    return f"{organisation.name}, SIRET {organisation.siret}" if organisation else None


def _child(name: str, lines: Sequence[LineAnswer]) -> dict[str, Any]:
    return {
        "name": name,
        "subtotal": euros(sum(line.amount_cents for line in lines)),
        "lines": [_line(line) for line in lines],
    }


def _line(line: LineAnswer) -> dict[str, str]:
    label = "le" if line.quantity == 1 else "les"
    month = Month.parse(line.period).label
    if line.basis == Basis.SHARE:
        # Of a month, whichever its day.
        days = month
    else:
        days = f"{month}{NBSP}: {label} {day_numbers(day.day for day in line.dates)}"
    return {
        "activity": line.activity_name,
        "days": days,
        "reason": line.reason,
        "quantity": str(line.quantity),
        "unit": euros(line.unit_cents),
        "amount": euros(line.amount_cents),
    }


def _deductions(invoice: InvoiceDetailAnswer) -> Iterator[tuple[str, str]]:
    for note in invoice.credit_notes:
        label = f"Avoir n°{NBSP}{note.number} du {long_date(note.issued_on)}"
        yield label, euros(-note.total_cents)
    if invoice.claimed_cents:
        yield "Remboursement à rendre", euros(invoice.claimed_cents)
    if invoice.written_off_cents:
        yield "Créance abandonnée par la ville", euros(-invoice.written_off_cents)
    if invoice.paid_cents:
        yield "Déjà réglé", euros(-invoice.paid_cents)


def _others(others: Sequence[Owed]) -> Iterator[str]:
    for other in others[:NAMED_OTHERS]:
        month = Month.parse(other.period).label
        yield f"{other.number} ({month}, {euros(other.balance_cents)})"
    if rest := others[NAMED_OTHERS:]:
        amount = euros(sum(other.balance_cents for other in rest))
        yield f"{len(rest)} autres ({amount})"


@lru_cache(maxsize=1)
def _square(address: str) -> str:
    """The address as a QR code, SVG; always the same of one town."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
