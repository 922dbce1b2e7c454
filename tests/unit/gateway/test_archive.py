"""The archive of a family's data: names that lead nowhere, values in French."""

import re

import pytest

from gateway.archive import entry_name
from gateway.archive.words import WORDS, cell, columns, word
from services.accounts.personal_data import personal
from services.billing.personal_data import PERSONAL as BILLING
from services.chassis.personal_data import PersonalData
from services.documents.personal_data import PERSONAL as DOCUMENTS
from services.enrolment.personal_data import PERSONAL as ENROLMENT
from services.notifications.personal_data import PERSONAL as NOTIFICATIONS
from services.reservations.personal_data import PERSONAL as RESERVATIONS

HELD = {
    "accounts": personal(audit_days=365),
    "enrolment": ENROLMENT,
    "reservations": RESERVATIONS,
    "billing": BILLING,
    "documents": DOCUMENTS,
    "notifications": NOTIFICATIONS,
}
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
        ("wait_state", "given_up", "Abandonnée"),
        ("document_state", "rejected", "Refusée"),
        ("field", "guardian.phone", "téléphone"),
        ("link", "mother", "Mère"),
        ("custody", {"change_weekday": 5}, "jour du changement : vendredi"),
        ("note", "2026 fois", "2026 fois"),
    ],
)
def test_a_value_reads_as_french(name: str, value: object, text: str) -> None:
    assert cell(name, value) == text


def test_identifiers_are_for_the_json_alone() -> None:
    assert columns([{"child_id": ID, "first_name": "Léa"}]) == ["first_name"]
    assert columns([]) == []
    assert word("never_heard_of") == "never heard of"


def selected(sql: str) -> set[str]:
    """The columns that a query answers with, by their names."""
    flat = sql.partition("SELECT")[2]
    while "(" in flat:
        # The innermost brackets first, until no comma or FROM of a part is left.
        flat = re.sub(r"\([^()]*\)", "", flat)
    answered = re.split(r"\bFROM\b", flat)[0]
    return {re.split(r"[\s.]+", column.strip())[-1] for column in answered.split(",")}


def test_columns_are_found_in_a_query() -> None:
    sql = "SELECT a.x, (SELECT max(b, c) FROM d) AS y, coalesce(a.z, 0) AS z FROM a"
    assert selected(sql) == {"x", "y", "z"}


@pytest.mark.parametrize("held", HELD.values(), ids=HELD.keys())
def test_the_town_has_a_word_for_whatever_a_service_exports(held: PersonalData) -> None:
    records = {name: sql for holding in held.holdings for name, sql in holding.export.items()}
    fields = {field for sql in records.values() for field in selected(sql)}
    shown = columns([dict.fromkeys(sorted(fields))])
    assert {*records, *shown} - WORDS.keys() == set()
