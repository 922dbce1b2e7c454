"""What the public accountant is sent: keys, debtors, products, and a file of the right form."""

import base64
import gzip
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from services.billing.files.pes import Malformed, write_pes
from services.billing.files.pes_form import faults
from services.billing.model.payers import Nature
from services.billing.model.treasury import (
    CATEGORIES,
    Account,
    Bordereau,
    Line,
    Office,
    Piece,
    as_organisation,
    debtor,
    lines_by_product,
    modulo_11,
    modulo_23,
    plain,
)

OFFICE = Office(
    post="050001",
    siret="21500000100019",
    collectivity="100",
    budget="00",
    edition="",
    product="PERI",
    products={"canteen": "CANT", "wednesday": "ALSH"},
)
ADDRESSEE = ("Anne-Lise LE GOFF", "Résidence de l’Œuf", "3 rue du Lavoir", "50890 SAINT-AUBIN")
ACCOUNT = Account(
    iban="FR1420041010050500013M02606",
    bic="PSSTFRPP",
    holder="Anne-Lise Le Goff",
    rum="PF20261123A1B2C3D4E5F6",
    signed_on=date(2026, 11, 23),
    is_first=True,
)
NAME = "ORMC20260000001.xml"


def piece(number: int = 1, **changes: Any) -> Piece:
    values: dict[str, Any] = {
        "invoice_number": f"2026-EJ-{number:06}",
        "subject": f"Facture 2026-EJ-{number:06} novembre 2026",
        "debtor": debtor("F0042", ADDRESSEE),
        "lines": (Line("CANT", 1015), Line("PERI", 20)),
    }
    return Piece(**{**values, **changes})


def bordereau(*pieces: Piece, **changes: Any) -> Bordereau:
    values: dict[str, Any] = {
        "fiscal_year": 2026,
        "number": 1,
        "issued_on": date(2026, 11, 23),
        "subject": "Factures EJ échues",
        "pieces": pieces,
    }
    return Bordereau(**{**values, **changes})


def written(sent: Bordereau, office: Office = OFFICE) -> Element:
    root: Element = fromstring(write_pes(office, sent, NAME))
    return root


def values(root: Element, name: str) -> list[str]:
    return [element.get("V", "") for element in root.iter(name)]


def test_a_file_holds_its_debts_with_their_sum() -> None:
    root = written(bordereau(piece(1), piece(2)))
    assert values(root, "NbrPce") == ["2"]
    assert values(root, "MtBordHt") == ["20.70"]
    assert values(root, "MtHT") == ["10.15", "0.20"] * 2
    assert values(root, "CodProdLoc") == ["CANT", "PERI"] * 2
    assert values(root, "IdPce") == ["1", "2"]
    assert values(root, "NumDette") == ["2026000100001", "2026000100002"]
    assert values(root, "NumeroFacture") == ["2026-EJ-000001", "2026-EJ-000002"]
    assert (values(root, "TypBord"), values(root, "TypPce")) == (["06"], ["15", "15"])


def test_a_debtor_is_named_in_plain_capitals() -> None:
    root = written(bordereau(piece(lines=(Line("PERI", 500),))))
    assert (values(root, "Nom"), values(root, "Prenom")) == (["LE GOFF"], ["ANNE-LISE"])
    assert values(root, "Adr1") == ["RESIDENCE DE L OEUF"]
    assert values(root, "Adr2") == ["3 RUE DU LAVOIR"]
    assert (values(root, "CP"), values(root, "Ville")) == (["50890"], ["SAINT-AUBIN"])


def test_an_organisation_is_a_debtor_of_its_own_category_and_siret() -> None:
    block = ("CCAS de Saint-Aubin", "1 place de la Mairie", "50890 SAINT-AUBIN")
    ccas = as_organisation(debtor("T000007", block), block[0], "ccas", "73282932000074")
    root = written(bordereau(piece(debtor=ccas, lines=(Line("CANT", 500),))))
    assert (values(root, "CatTiers"), values(root, "NatJur")) == (["26"], ["09"])
    assert (values(root, "IdTiers"), values(root, "NatIdTiers")) == (["73282932000074"], ["01"])
    assert (values(root, "Nom"), values(root, "Prenom")) == (["CCAS DE SAINT-AUBIN"], [])
    (who,) = root.iter("InfoTiers")
    assert [element.tag for element in who] == [
        "IdTiers",
        "NatIdTiers",
        "RefTiers",
        "CatTiers",
        "NatJur",
        "TypTiers",
        "Nom",
    ]


@pytest.mark.parametrize("nature", [*CATEGORIES, None])
def test_every_kind_of_organisation_makes_a_file_with_or_without_a_siret(
    nature: Nature | None,
) -> None:
    for siret in ("", "73282932000074"):
        payer = as_organisation(debtor("T000007", ADDRESSEE), "Les Tilleuls", nature, siret)
        root = written(bordereau(piece(debtor=payer)))
        assert values(root, "Nom") == ["LES TILLEULS"] * 2
        assert bool(values(root, "IdTiers")) == bool(siret)


def test_an_organisation_nobody_told_the_nature_of_is_one_of_private_law() -> None:
    payer = as_organisation(debtor("T000007", ADDRESSEE), "Les Tilleuls", None, "")
    assert (payer.category, payer.legal_nature) == ("50", "03")


def test_a_long_name_goes_on_in_its_second_field() -> None:
    name = "Association départementale de sauvegarde de l’enfance et de l’adolescence"
    payer = as_organisation(debtor("T000007", ADDRESSEE), name, "association", "")
    root = written(bordereau(piece(debtor=payer, lines=(Line("CANT", 500),))))
    assert values(root, "Nom") == ["ASSOCIATION DEPARTEMENTALE DE"]
    assert values(root, "ComplNom") == ["SAUVEGARDE DE L ENFANCE ET DE L ADOLES"]


@given(st.text(max_size=120))
def test_whatever_an_organisation_is_called_the_file_has_its_form(name: str) -> None:
    payer = as_organisation(debtor("T000007", ADDRESSEE), name, "association", "")
    assert faults(written(bordereau(piece(debtor=payer)))) == []


def test_a_person_whose_name_is_not_told_apart_is_not_named_twice() -> None:
    odile = debtor("T000008", ("Odile Martin", "4 impasse des Tilleuls", "50300 AVRANCHES"))
    assert (odile.last_name, odile.first_name) == ("ODILE MARTIN", "")
    assert (odile.category, odile.legal_nature) == ("01", "01")


def test_a_mandate_goes_with_the_debt_when_the_accountant_is_to_debit() -> None:
    day = date(2026, 12, 15)
    root = written(bordereau(piece(account=ACCOUNT), debited_on=day))
    assert values(root, "DtePrel") == ["2026-12-15"] * 2
    assert values(root, "MtPrel") == ["10.15", "0.20"]
    assert values(root, "SequencePres") == ["02", "02"]
    assert values(root, "RefUniMdt") == [ACCOUNT.rum] * 2
    assert values(root, "IBAN") == [ACCOUNT.iban] * 2
    recurrent = replace(ACCOUNT, is_first=False)
    again = written(bordereau(piece(account=recurrent), debited_on=day))
    assert values(again, "SequencePres") == ["03", "03"]


def test_no_account_is_told_unless_it_is_to_be_debited() -> None:
    assert values(written(bordereau(piece(account=ACCOUNT))), "IBAN") == []


@pytest.mark.parametrize(("edition", "kind"), [("", "007"), ("03", "010")])
def test_an_invoice_goes_packed_and_is_named_by_its_piece(edition: str, kind: str) -> None:
    office = replace(OFFICE, edition=edition)
    root = written(bordereau(piece(1, paper=b"%PDF-1.7 one"), piece(2)), office)
    (content,) = root.iter("Fichier")
    assert gzip.decompress(base64.b64decode(content.text or "")) == b"%PDF-1.7 one"
    assert values(root, "IdUnique") == ["FACT2026EJ000001"] * 2
    assert values(root, "TypePJ") == [kind]
    assert values(root, "Edition") == [edition] * 2 if edition else not values(root, "Edition")


def test_the_file_is_in_the_accountants_charset() -> None:
    assert write_pes(OFFICE, bordereau(piece()), NAME).startswith(
        b"<?xml version='1.0' encoding='ISO-8859-1'?>"
    )


@pytest.mark.parametrize(
    "office",
    [
        replace(OFFICE, post="12"),
        replace(OFFICE, siret="123"),
        replace(OFFICE, collectivity="1"),
        replace(OFFICE, product="TOO LONG"),
        replace(OFFICE, budget="1"),
        replace(OFFICE, budget="0A"),
        replace(OFFICE, budget="001"),
    ],
)
def test_a_wrong_code_of_the_town_makes_no_file(office: Office) -> None:
    sent = bordereau(piece(lines=(Line(office.product, 500),)))
    with pytest.raises(Malformed):
        write_pes(office, sent, NAME)


@pytest.mark.parametrize("name", ["", "1", "ORMC2026.pdf", "PESORMC202611230000001.xml"])
def test_the_files_id_is_its_name_and_no_longer_than_the_accountant_reads(name: str) -> None:
    with pytest.raises(Malformed):
        write_pes(OFFICE, bordereau(piece()), name)


def test_a_missing_and_a_misplaced_element_are_noticed() -> None:
    root = written(bordereau(piece()))
    block = next(root.iter("BlocPiece"))
    key = block.find("Cle2")
    assert key is not None
    block.remove(key)
    assert any("Cle2 stands there 0 times" in fault for fault in faults(root))
    block.append(key)
    assert any("Cle2 is not expected there" in fault for fault in faults(root))


def test_a_debt_of_nothing_makes_no_file() -> None:
    with pytest.raises(Malformed):
        write_pes(OFFICE, bordereau(piece(lines=(Line("PERI", 0),))), NAME)


@given(
    st.lists(st.lists(st.integers(1, 99_999_999), min_size=1, max_size=4), min_size=1, max_size=6)
)
def test_the_sum_of_the_file_is_the_sum_of_its_lines(debts: list[list[int]]) -> None:
    pieces = [piece(n, lines=tuple(Line("PERI", c) for c in debt)) for n, debt in enumerate(debts)]
    root = written(bordereau(*pieces))
    cents = [int(amount.replace(".", "")) for amount in values(root, "MtHT")]
    (total,) = values(root, "MtBordHt")
    assert int(total.replace(".", "")) == sum(cents) == sum(map(sum, debts))


@given(st.text(max_size=200), st.integers(1, 160))
def test_whatever_a_family_is_called_its_name_fits(text: str, longest: int) -> None:
    assert len(plain(text, longest)) <= longest
    assert plain(text, longest).isascii()


@given(st.lists(st.text(max_size=60), max_size=6))
def test_whatever_an_address_says_the_file_has_its_form(addressee: list[str]) -> None:
    root = written(bordereau(piece(debtor=debtor("F1", addressee))))
    assert faults(root) == []


def test_the_keys_are_those_of_the_accountants_rules() -> None:
    # 7*2 + 6*3 + 5*4 + 4*5 + 3*6 + 2*7 + 1*2 = 106; 106 % 11 = 7; 11 - 7 = 4
    assert modulo_11("1234567") == "4"
    assert modulo_11("0") == "1"
    assert (
        modulo_23("26", "1", "00", "2026000100001")
        == "ABCDEFGHJKLMNPQRSTUVWXY"[261002026000100001 % 23]
    )


def test_a_debt_is_split_by_product_and_adds_up() -> None:
    amounts = [("canteen", 500), ("wednesday", 300), ("canteen", 200), ("morning_care", 50)]
    assert lines_by_product(amounts, 1050, OFFICE) == (
        Line("ALSH", 300),
        Line("CANT", 700),
        Line("PERI", 50),
    )


def test_a_product_that_gives_back_more_than_it_costs_is_no_line_of_its_own() -> None:
    amounts = [("canteen", 500), ("wednesday", -100)]
    assert lines_by_product(amounts, 400, OFFICE) == (Line("PERI", 400),)
