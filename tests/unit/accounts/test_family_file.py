"""Reading the town's CSV file: what is taken, and how bad lines are told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.model.columns import HEADINGS
from services.accounts.model.family_file import read_families
from services.accounts.model.table import Row
from tests.unit.accounts.csv_files import family_file, read_file, row

TODAY = date(2026, 11, 23)


def errors(data: bytes) -> dict[str, str]:
    return {e.field: e.message for e in read_file(data, TODAY).errors}


def test_a_line_holds_a_child_its_family_and_its_guardian() -> None:
    reading = read_file(family_file(row()), TODAY)
    assert reading.errors == ()
    (family,) = reading.families
    assert family.reference == "F-0001"
    assert family.fields["quotient"] == 742
    assert family.fields["quotient_valid_until"] == date(2027, 8, 31)
    assert family.guardians[0]["phone"] == "06 12 34 56 78"
    assert family.children[0]["birth_date"] == date(2019, 5, 4)


def test_lines_of_one_file_number_are_one_family() -> None:
    data = family_file(row(), row(enfant_prenom="Tom", enfant_naissance="2021-01-31"))
    (family,) = read_file(data, TODAY).families
    assert [c["first_name"] for c in family.children] == ["Léa", "Tom"]


def test_commas_quotes_and_a_byte_order_mark_are_read() -> None:
    data = family_file(row(adresse='12, rue "du Fil"'), delimiter=",")
    (family,) = read_file(b"\xef\xbb\xbf" + data, TODAY).families
    assert family.fields["line"] == '12, rue "du Fil"'


def test_a_family_may_come_without_child() -> None:
    bare = row(enfant_nom="", enfant_prenom="", enfant_naissance="", enfant_ecole="",
               enfant_classe="", enfant_regime="")  # fmt: skip
    (family,) = read_file(family_file(bare), TODAY).families
    assert family.children == []


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("dossier", "", "obligatoire"),
        ("resident", "peut-être", "oui"),
        ("quotient", "sept cents", "entier"),
        ("quotient", "-3", "entier"),
        ("quotient_fin", "31/02/2027", "calendrier"),
        ("quotient_fin", "bientôt", "AAAA-MM-JJ"),
        ("code_postal", "1000", "cinq chiffres"),
        ("resp1_nom", "", "obligatoire"),
        ("resp1_mail", "anne.exemple.fr", "nom@domaine.fr"),
        ("resp1_telephone", "12", "dix chiffres"),
        ("enfant_naissance", "2027-01-01", "futur"),
        ("enfant_naissance", "1950-01-01", "25 ans"),
        ("enfant_naissance", "", "obligatoire"),
        ("enfant_regime", "halal", "Régime inconnu"),
        ("enfant_nom", "x" * 81, "80 caractères"),
    ],
)
def test_a_bad_cell_is_told_by_line_and_column(column: str, cell: str, message: str) -> None:
    found = errors(family_file(row(dossier="F-0000"), row(**{column: cell})))
    assert message in found[f"ligne 3, {column}"]


def test_every_bad_cell_of_a_line_is_told_at_once() -> None:
    found = errors(family_file(row(quotient="?", code_postal="563", enfant_naissance="hier")))
    assert set(found) == {"ligne 2, quotient", "ligne 2, code_postal", "ligne 2, enfant_naissance"}


def test_two_lines_of_a_family_must_not_contradict_each_other() -> None:
    data = family_file(row(), row(enfant_prenom="Tom", quotient="900"))
    assert errors(data) == {
        "ligne 3, quotient": "« 900 » ici, « 742 » à la ligne 2 du même dossier."
    }


def test_a_child_given_twice_is_told_with_its_first_line() -> None:
    data = family_file(row(), row(enfant_prenom="LEA"))
    assert errors(data) == {"ligne 3, enfant_prenom": "Cet enfant figure déjà à la ligne 2."}


def test_two_guardians_of_one_name_are_refused() -> None:
    data = family_file(row(resp2_nom="LE GOFF", resp2_prenom="Anne"))
    assert "ligne 2, resp2_nom" in errors(data)


def test_contacts_of_a_second_guardian_need_a_name() -> None:
    assert "ligne 2, resp2_nom" in errors(family_file(row(resp2_mail="marc@exemple.fr")))


def test_an_end_date_without_quotient_is_refused() -> None:
    assert "ligne 2, quotient_fin" in errors(family_file(row(quotient="")))


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        (b"", "ligne 1", "vide"),
        (b"\xff\xfed\x00", "ligne 1", "UTF-16"),
        (family_file(row()).decode().encode("cp1252"), "ligne 2", "Windows-1252"),
        (b"dossier;\x81", "ligne 1", "octet 0x81"),
        (family_file(row()).decode().encode("utf-16"), "ligne 1", "UTF-16"),
        (family_file(row()).decode().encode("utf-16-le"), "ligne 1", "UTF-16"),
        (b"x" * 10_000_000, "ligne 1", "20000 caractères"),
        (family_file(row()) + b"y" * 10_000_000, "ligne 3", "20000 caractères"),
        (family_file(row()) + b"\0", "ligne 3", "octets nuls"),
        (family_file(row(enfant_allergies="x" * 30_000)), "ligne 2", "20000 caractères"),
        (b'dossier;"adresse', "ligne 1", "guillemet"),
        (family_file(row()) + b'F-2;"12 rue', "ligne 3", "guillemet"),
        (family_file(row()) + b"F-2;12 rue\r\n", "ligne 3", "2 cellules au lieu de 23"),
        (family_file(row(), headings=(*HEADINGS, "religion")), "ligne 1, religion", "inconnue"),
        (family_file(row(), headings=(*HEADINGS, "quotient")), "ligne 1, quotient", "deux fois"),
        (family_file(row(), headings=HEADINGS[1:]), "ligne 1, dossier", "manque"),
    ],
)  # fmt: skip
def test_an_unreadable_file_says_where_and_why(data: bytes, field: str, message: str) -> None:
    assert message in errors(data)[field]


def test_a_column_that_the_file_lacks_says_nothing() -> None:
    headings = tuple(h for h in HEADINGS if h not in {"quotient", "resp1_mail"})
    (family,) = read_file(family_file(row(), headings=headings), TODAY).families
    assert "quotient" not in family.fields
    assert "mail" not in family.guardians[0]


@given(st.binary(max_size=400))
def test_no_file_whatever_makes_the_reader_fail(data: bytes) -> None:
    assert read_file(data, TODAY).errors


@given(st.lists(st.sampled_from(HEADINGS), min_size=1), st.text(max_size=300))
def test_no_row_whatever_makes_the_reader_fail(headings: list[str], body: str) -> None:
    header = ";".join(dict.fromkeys([*HEADINGS, *headings]))
    read_file(f"{header}\n{body}\n".encode("utf-8", "surrogatepass"), TODAY)


def test_old_macintosh_line_ends_are_read() -> None:
    data = family_file(row(), row(dossier="F-0002")).replace(b"\r\n", b"\r")
    assert [f.reference for f in read_file(data, TODAY).families] == ["F-0001", "F-0002"]


def test_a_line_break_inside_quotes_is_a_blank() -> None:
    (family,) = read_file(family_file(row(adresse="12 rue\ndu Fil")), TODAY).families
    assert family.fields["line"] == "12 rue du Fil"


def test_an_apostrophe_before_a_formula_sign_is_the_spreadsheets() -> None:
    (family,) = read_file(family_file(row(resp1_telephone="'+32470123456")), TODAY).families
    assert family.guardians[0]["phone"] == "+32470123456"


def test_a_school_that_the_town_does_not_have_is_told_with_those_it_has() -> None:
    lines = (row(enfant_ecole="XYZ"), row(dossier="F-2", enfant_ecole="JZAY"))
    rows = [Row(n, dict.fromkeys(HEADINGS, "") | cells) for n, cells in enumerate(lines, start=2)]
    reading = read_families(HEADINGS, rows, TODAY, frozenset({"MICH", "JZAY"}))
    assert [(e.line, e.column) for e in reading.errors] == [(2, "enfant_ecole")]
    assert "Codes connus : JZAY, MICH." in reading.errors[0].message
    assert read_families(HEADINGS, rows, TODAY).errors == (), "unless its schools are not known"
