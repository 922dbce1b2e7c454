"""What papers show: every paper is set by the engine and read again."""

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader, mult

from services.billing.papers import set_paper, set_slice
from services.billing.papers.invoices import Bill, invoice_data
from services.billing.papers.prints import slice_data
from services.billing.papers.sending import Sender

SENDER = Sender(
    "Ville de Saint-Aubin",
    "Régie enfance et jeunesse",
    ("Hôtel de ville", "50890 Saint-Aubin"),
    "https://famille.saint-aubin.example/",
    "21500000100019",
)
ADDRESS = ("Madame Anne MARTIN", "12 rue des Lilas", "50890 SAINT-AUBIN")
MM = 72 / 25.4

Matrix = list[float]


def bill(
    lines: int = 2,
    others: list[dict[str, Any]] | None = None,
    payer: str | None = None,
    siret: str | None = None,
    outsider: bool = False,
    held: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> Bill:
    """An invoice of 3.50 € a line, by turns for Léa and for Tom."""
    total = 350 * lines
    invoice = {
        "invoice_id": UUID(int=9), "number": "2026-EJ-000123", "family_id": UUID(int=8),
        "family_reference": "F-00042", "family_label": "MARTIN", "period": "2026-11",
        "issued_on": date(2026, 12, 1), "due_on": date(2026, 12, 31), "total_cents": total,
        "credited_cents": 0, "claimed_cents": 0, "written_off_cents": 0, "paid_cents": 0,
        "balance_cents": total,
        "status": "due",
        "debited_on": None, "transmitted": False, "credit_notes": [],
        "lines": held or [_line(n, "Léa" if n < lines / 2 else "Tom") for n in range(lines)],
    }  # fmt: skip
    return Bill.of(
        invoice={**invoice, **changes},
        addressee=ADDRESS,
        others=others or [],
        payer=payer,
        siret=siret,
        outsider=outsider,
    )


def _line(number: int, child: str) -> dict[str, Any]:
    return {
        "position": number, "child_id": UUID(int=ord(child[0])), "child_name": f"{child} Martin",
        "activity_name": f"Activité {number:02}", "period": "2026-11", "basis": "present",
        "quantity": 1, "unit_cents": 350, "left_cents": 350, "amount_cents": 350,
        "reason": "Présence – tarif unique", "dates": [date(2026, 11, 3)],
    }  # fmt: skip


def pages(paper: Bill) -> list[str]:
    """The invoice's pages as text, spaces made plain."""
    pdf = set_paper("invoice", invoice_data(paper, SENDER, date(2026, 12, 4)))
    return [plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def plain(text: str) -> str:
    """Each run of spaces as one."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_the_address_stands_in_the_window_of_the_envelope() -> None:
    pdf = set_paper("invoice", invoice_data(bill(), SENDER, date(2026, 12, 4)))
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    found: dict[str, tuple[float, float]] = {}

    def look(text: str, outer: Matrix, inner: Matrix, _font: Any, _size: Any) -> None:
        for line in ADDRESS:
            if line in text:
                *_, x, y = mult(inner, outer)
                found[line] = (x, y)

    page.extract_text(visitor_text=look)
    assert set(found) == set(ADDRESS)
    top = float(page.mediabox.height)
    for x, y in found.values():
        assert 110 * MM <= x <= 195 * MM
        assert 55 * MM <= top - y <= 88 * MM


BROAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 40">'
    '<rect width="400" height="40" fill="#0d5c53"/></svg>'
)


def test_the_towns_own_mark_takes_the_place_of_ours() -> None:
    ours = set_paper("invoice", invoice_data(bill(), SENDER, date(2026, 12, 4)))
    sender = replace(SENDER, mark=BROAD)
    own = set_paper("invoice", invoice_data(bill(), sender, date(2026, 12, 4)))
    assert ours != own
    (page,) = PdfReader(io.BytesIO(own)).pages
    assert "Ville de Saint-Aubin" in plain(page.extract_text())


def test_invoices_of_a_print_batch_share_the_mark() -> None:
    sender = replace(SENDER, mark=BROAD)
    data = slice_data([bill(), bill(number="2026-EJ-000124")], sender, date(2026, 12, 4))
    assert json.dumps(data).count("#0d5c53") == 1
    assert len(PdfReader(io.BytesIO(set_slice(data))).pages) == 2


def test_what_was_taken_off_and_paid_stands_between_the_total_and_what_is_left() -> None:
    note = {
        "credit_note_id": UUID(int=3), "number": "A2026-EJ-000007", "reason": "Erreur",
        "total_cents": 100, "credited_cents": 0, "issued_on": date(2026, 12, 2),
    }  # fmt: skip
    (text,) = pages(
        bill(credit_notes=[note], credited_cents=100, paid_cents=250, balance_cents=350)
    )
    assert (
        "Total de la facture 7,00 € Avoir n° A2026-EJ-000007 du 2 décembre 2026 -1,00 € "
        "Déjà réglé -2,50 € Reste à payer 3,50 €" in text
    )
    assert "Pour régler 3,50 € avant le 31 décembre 2026" in text
    assert "famille.saint-aubin.example/factures" in text


def test_what_is_claimed_of_a_refund_stands_beside_the_total() -> None:
    (text,) = pages(bill(claimed_cents=350, paid_cents=100, balance_cents=950))
    assert (
        "Total de la facture 7,00 € Remboursement à rendre 3,50 € Déjà réglé -1,00 € "
        "Reste à payer 9,50 €" in text
    )


def test_what_the_town_gave_up_is_no_payment_of_the_family() -> None:
    (text,) = pages(bill(written_off_cents=300, paid_cents=100, balance_cents=300))
    assert (
        "Total de la facture 7,00 € Créance abandonnée par la ville -3,00 € Déjà réglé -1,00 € "
        "Reste à payer 3,00 €" in text
    )
    (text,) = pages(bill(written_off_cents=700, balance_cents=0, status="written_off"))
    assert "Il n’y a plus rien à régler de cette facture." in text
    assert "réglée" not in text
    assert "Déjà réglé" not in text


def test_what_changes_on_the_paper_makes_it_another_and_nothing_else_does() -> None:
    standing = bill().standing
    assert bill(status="partly_paid", transmitted=True).standing == standing
    changes: tuple[dict[str, Any], ...] = (
        {"paid_cents": 100, "balance_cents": 600},
        {"written_off_cents": 100, "balance_cents": 600},
        {"claimed_cents": 350, "balance_cents": 1050},
        {"debited_on": date(2026, 12, 8)},
    )
    others = [{"number": "2026-EJ-000001", "period": "2026-09", "balance_cents": 1000}]
    papers = {standing, bill(others=others).standing, bill(payer="CCAS", siret="7" * 14).standing}
    assert len(papers | {bill(**each).standing for each in changes}) == 7


def test_what_else_the_family_owes_is_named_and_not_asked_for() -> None:
    others = [
        {"number": f"2026-EJ-00000{n}", "period": "2026-09", "balance_cents": 1000}
        for n in range(7)
    ]
    (text,) = pages(bill(others=others))
    assert "Restent aussi à régler : 2026-EJ-000000 (septembre 2026, 10,00 €)" in text
    assert "et 2 autres (20,00 €)" in text
    assert "Reste à payer 7,00 €" in text


def test_a_family_that_pays_by_direct_debit_has_nothing_to_do() -> None:
    (text,) = pages(bill(debited_on=date(2026, 12, 20)))
    assert "Cette facture sera prélevée le 20 décembre 2026" in text
    assert "Pour régler" not in text


@pytest.mark.parametrize(
    ("period", "title"),
    [("2026-10", "Facture d’octobre 2026"), ("2026-11", "Facture de novembre 2026")],
)
def test_the_month_is_named_as_one_says_it(period: str, title: str) -> None:
    assert title in pages(bill(period=period))[0]


def test_an_invoice_that_holds_an_earlier_month_does_not_claim_its_own_alone() -> None:
    lines = [{**_line(0, "Léa"), "period": "2026-10"}, _line(1, "Tom")]
    (text,) = pages(bill(held=lines))
    assert "novembre 2026, dont octobre 2026" in text
    assert "dont" not in pages(bill())[0]


def test_a_settled_invoice_asks_for_nothing() -> None:
    (text,) = pages(bill(paid_cents=700, balance_cents=0, status="paid"))
    assert "Cette facture est réglée." in text
    assert "Pour régler" not in text


@pytest.mark.parametrize("lines", [14, 20, 40, 60])
def test_long_invoices_break_between_lines_and_name_the_child_again(lines: int) -> None:
    found = pages(bill(lines))
    assert len(found) > 1
    for number, page in enumerate(found, start=1):
        assert f"Page {number} sur {len(found)}" in page
    *firsts, last = found
    assert "Reste à payer" in last
    assert "Pour régler" in last
    for page in firsts:
        assert "Prestation Quantité Prix unitaire Montant" in page
        assert "Léa Martin" in page or "Tom Martin" in page
    # A line's days are never parted from its name.
    for number in range(lines):
        (page,) = (each for each in found if f"Activité {number:02} " in each)
        assert f"Activité {number:02} 1 3,50 € 3,50 € novembre 2026 : le 3" in page or (
            f"Activité {number:02} novembre 2026 : le 3" in page
        )


def test_the_same_data_give_the_same_bytes_archival_and_accessible() -> None:
    data = invoice_data(bill(), SENDER, date(2026, 12, 4))
    pdf = set_paper("invoice", data)
    assert pdf == set_paper("invoice", data)
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_who_cannot_sign_in_is_not_asked_to_pay_online() -> None:
    [online], [post] = pages(bill()), pages(bill(outsider=True))
    assert "En ligne" in online
    assert "En ligne" not in post
    assert "À la régie" in post


def test_a_part_is_of_a_month_whichever_its_day() -> None:
    part = _line(0, "Léa") | {"basis": "share", "dates": [date(2026, 11, 30)]}
    read = bill(1).invoice.model_validate(bill(1).invoice.model_dump() | {"lines": [part]})
    [text] = pages(replace(bill(1), invoice=read))
    assert "novembre 2026 : le 30" not in text
