"""The archive of a family's data: names that lead nowhere, values in French."""

import pytest

from gateway.archive import entry_name
from gateway.archive.words import cell, columns, word

ID = "018f0000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("filename", "entry"),
    [
        ("attestation.pdf", "documents/018f0000-attestation.pdf"),
        ("../../etc/passwd", "documents/018f0000-_.._etc_passwd"),
        ("C:\\photo d’identité.png", "documents/018f0000-C_photo d_identité.png"),
        ("...", "documents/018f0000-document"),
    ],
)
def test_an_entrys_name_leads_nowhere_else(filename: str, entry: str) -> None:
    assert entry_name(ID, filename) == entry


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("amount_cents", 1250, "12,50\xa0€"),
        ("diet", "no_pork", "sans porc"),
        ("birth_date", "2019-03-01", "01/03/2019"),
        ("confirmed", True, "oui"),
        ("allergies", None, "–"),
        ("address_lines", ["3, rue du Port", "Bât. B"], "3, rue du Port, Bât. B"),
        (
            "facts",
            {"number": "12", "due_on": "2026-12-31"},
            "numéro : 12 ; à payer avant le : 31/12/2026",
        ),
        ("state", "present", "Présent"),
        ("note", "2026 fois", "2026 fois"),
    ],
)
def test_a_value_reads_as_french(name: str, value: object, text: str) -> None:
    assert cell(name, value) == text


def test_identifiers_are_for_the_json_alone() -> None:
    assert columns([{"child_id": ID, "first_name": "Léa"}]) == ["first_name"]
    assert columns([]) == []
    assert word("never_heard_of") == "never heard of"
