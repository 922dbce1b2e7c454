"""Organisations that pay, and invoices as data for them."""

import io
from datetime import date
from decimal import Decimal

import facturx
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from services.billing.errors import BadOrganisation
from services.billing.model.organisations import Organisation
from services.billing.papers import set_paper
from services.billing.papers.electronic import RAM, Electronic, invoice_xml, set_electronic
from services.billing.papers.invoices import invoice_data
from tests.unit.billing.test_papers import SENDER, bill, plain

SIRET = "732 829 320 00074"


def test_a_siret_is_fourteen_digits_with_the_right_key() -> None:
    organisation = Organisation.checked("CCAS", SIRET)
    assert (organisation.siret, organisation.siren) == ("73282932000074", "732829320")
    for wrong in ("732 829 320 00075", "7328293200007", "7328293200007x", "７3282932000074"):
        with pytest.raises(BadOrganisation):
            Organisation.checked("CCAS", wrong)


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)
amounts = st.integers(1, 10_000_000)


quoted = st.just("") | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,20}", fullmatch=True)


@given(names, names, amounts, st.dates(date(2020, 1, 1), date(2035, 12, 31)), quoted, quoted)
def test_whatever_the_names_and_amounts_the_data_pass_the_standards_xsd(
    seller: str, buyer: str, cents: int, day: date, service: str, engagement: str
) -> None:
    number, sirens = "2026-EJ-000123", ("215000001", "732829320")
    electronic = Electronic(
        number, day, seller, sirens[0], buyer, sirens[1], cents, 0, service, engagement
    )
    xml = invoice_xml(electronic)
    assert facturx.xml_check_xsd(xml, flavor="factur-x", level="minimum")


def test_an_organisations_invoice_carries_its_data() -> None:
    paper = bill(
        paid_cents=250, balance_cents=450, payer="CCAS de Saint-Aubin", siret="73282932000074"
    )
    electronic = paper.electronic(SENDER)
    assert electronic
    pdf = set_electronic(invoice_data(paper, SENDER, date(2026, 12, 4)), electronic)
    name, xml = facturx.get_xml_from_pdf(pdf)  # checks the XSD again
    assert name == "factur-x.xml"
    tree = fromstring(xml)
    sums = {
        tag: tree.findtext(f".//{{{RAM}}}{tag}") for tag in ("GrandTotalAmount", "DuePayableAmount")
    }
    assert {tag: Decimal(text or "") for tag, text in sums.items()} == {
        "GrandTotalAmount": Decimal("7.00"),
        "DuePayableAmount": Decimal("4.50"),
    }
    assert b"urn:factur-x.eu:1p0:minimum" in xml
    reader = PdfReader(io.BytesIO(pdf))
    assert "CCAS de Saint-Aubin, SIRET 73282932000074" in plain(reader.pages[0].extract_text())
    assert reader.metadata
    assert reader.metadata.title == "Facture 2026-EJ-000123"
    assert reader.xmp_metadata
    assert "pdfaid" in reader.xmp_metadata.rdf_root.toxml()


def test_a_familys_invoice_carries_none() -> None:
    paper = bill()
    assert paper.electronic(SENDER) is None
    pdf = set_paper("invoice", invoice_data(paper, SENDER, date(2026, 12, 4)))
    assert not PdfReader(io.BytesIO(pdf)).attachments
