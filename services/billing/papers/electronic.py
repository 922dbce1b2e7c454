"""An invoice as data inside its PDF (Factur-X 1.0, profile MINIMUM), for organisations.

Runs in the process pool: it takes and gives plain values.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from services.billing.papers import set_paper

UNECE = "urn:un:unece:uncefact:data:standard:"
RSM = f"{UNECE}CrossIndustryInvoice:100"
RAM = f"{UNECE}ReusableAggregateBusinessInformationEntity:100"
UDT = f"{UNECE}UnqualifiedDataType:100"
PROFILE = "urn:factur-x.eu:1p0:minimum"
INVOICE, SIREN, DAY = "380", "0002", "102"  # UNTDID 1001, ISO 6523, UNTDID 2379


@dataclass(frozen=True, slots=True)
class Electronic:
    """What the profile MINIMUM says. Towns charge no VAT on these services (CGI art. 256 B).

    Chorus Pro finds the service within the buyer in BT-10 and the engagement in BT-13.
    """

    number: str
    issued_on: date
    seller: str
    seller_siren: str
    buyer: str
    buyer_siren: str
    total_cents: int
    due_cents: int
    buyer_service: str = ""
    buyer_engagement: str = ""


def set_electronic(data: dict[str, Any], electronic: Electronic) -> bytes:
    """The invoice as PDF/A-3 with its data embedded, checked by the standard's XSD."""
    # Here, since it is large and few invoices need it: the service itself never loads it.
    import facturx

    pdf: bytes = facturx.generate_from_binary(
        set_paper("invoice", data),
        invoice_xml(electronic),
        flavor="factur-x",
        level="minimum",
        check_xsd=True,
        lang="fr-FR",
        pdf_metadata={
            "author": electronic.seller,
            "title": f"Facture {electronic.number}",
            "subject": f"Facture {electronic.number} du {electronic.issued_on:%d/%m/%Y}",
            "keywords": "facture, Factur-X",
        },
    )
    return pdf


def invoice_xml(electronic: Electronic) -> bytes:
    """The invoice in UN/CEFACT's Cross Industry Invoice."""
    for prefix, space in (("rsm", RSM), ("ram", RAM), ("udt", UDT)):
        ET.register_namespace(prefix, space)
    root = ET.Element(f"{{{RSM}}}CrossIndustryInvoice")
    context = ET.SubElement(root, f"{{{RSM}}}ExchangedDocumentContext")
    _ram(_ram(context, "GuidelineSpecifiedDocumentContextParameter"), "ID", PROFILE)
    document = ET.SubElement(root, f"{{{RSM}}}ExchangedDocument")
    _ram(document, "ID", electronic.number)
    _ram(document, "TypeCode", INVOICE)
    issued = ET.SubElement(_ram(document, "IssueDateTime"), f"{{{UDT}}}DateTimeString", format=DAY)
    issued.text = f"{electronic.issued_on:%Y%m%d}"
    trade = ET.SubElement(root, f"{{{RSM}}}SupplyChainTradeTransaction")
    agreement = _ram(trade, "ApplicableHeaderTradeAgreement")
    if electronic.buyer_service:
        _ram(agreement, "BuyerReference", electronic.buyer_service)
    seller = _party(agreement, "SellerTradeParty", electronic.seller, electronic.seller_siren)
    _ram(_ram(seller, "PostalTradeAddress"), "CountryID", "FR")
    _party(agreement, "BuyerTradeParty", electronic.buyer, electronic.buyer_siren)
    if electronic.buyer_engagement:
        order = _ram(agreement, "BuyerOrderReferencedDocument")
        _ram(order, "IssuerAssignedID", electronic.buyer_engagement)
    _ram(trade, "ApplicableHeaderTradeDelivery")
    _amounts(trade, electronic)
    xml: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return xml


def _amounts(trade: ET.Element, electronic: Electronic) -> None:
    settlement = _ram(trade, "ApplicableHeaderTradeSettlement")
    _ram(settlement, "InvoiceCurrencyCode", "EUR")
    sums = _ram(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    _ram(sums, "TaxBasisTotalAmount", _decimal(electronic.total_cents))
    _ram(sums, "TaxTotalAmount", _decimal(0), currencyID="EUR")
    _ram(sums, "GrandTotalAmount", _decimal(electronic.total_cents))
    _ram(sums, "DuePayableAmount", _decimal(electronic.due_cents))


def _party(parent: ET.Element, tag: str, name: str, siren: str) -> ET.Element:
    party = _ram(parent, tag)
    _ram(party, "Name", name)
    _ram(_ram(party, "SpecifiedLegalOrganization"), "ID", siren, schemeID=SIREN)
    return party


def _ram(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{RAM}}}{tag}", attributes)
    element.text = text
    return element


def _decimal(cents: int) -> str:
    sign, whole = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{whole // 100}.{whole % 100:02}"
