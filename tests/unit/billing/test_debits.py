"""When families are debited, what the bank is sent, and what it sends back."""

from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from services.billing.errors.treasury import BadCollectionDate, BadReturnsFile
from services.billing.files.debits import Collector, Transfer, write_debits
from services.billing.files.returns import read_returns
from services.billing.model.debits import (
    REASONS,
    Returned,
    Sequence,
    Use,
    check_collection_date,
    earliest_collection,
    end_to_end_id,
    is_working_day,
    reason_of,
    sequences,
)
from tests.unit.billing.bank import camt_054, pain_002

IBAN = "FR1420041010050500013M02606"
FORMATS = ("pain.008.001.08", "pain.008.001.02")
MONDAY = date(2026, 11, 23)


def transfer(number: int, amount_cents: int, sequence: str = "RCUR", bic: str = "") -> Transfer:
    return Transfer(
        end_to_end_id=f"2026EJ{number:06}B1",
        holder="Zoé L’Évêque & Fils <SARL>",
        iban=IBAN,
        bic=bic,
        amount_cents=amount_cents,
        sequence=sequence,
        rum=f"PF20261123{number:012}",
        signed_on=MONDAY,
        text=f"Facture 2026-EJ-{number:06}",
    )


def written(format_: str, *transfers: Transfer) -> Element:
    town = Collector("Ville de Saint-Aubin", IBAN, "PSSTFRPPXXX", "FR72ZZZ123456", format_)
    _, file = write_debits(town, date(2026, 12, 15), transfers)
    root: Element = fromstring(file)
    return root


def texts(root: Element, name: str) -> list[str]:
    return [e.text or "" for e in root.iter() if e.tag.rpartition("}")[2] == name]


def test_a_debit_is_announced_fourteen_days_ahead_and_falls_on_a_working_day() -> None:
    assert earliest_collection(MONDAY, 14) == date(2026, 12, 7)
    # Two weeks after a Friday of December is Christmas.
    assert earliest_collection(date(2026, 12, 11), 14) == date(2026, 12, 28)


@pytest.mark.parametrize(
    "closed", [date(2026, 12, 25), date(2027, 3, 26), date(2027, 3, 29), date(2026, 12, 5)]
)
def test_banks_do_not_settle_on_target_holidays_and_weekends(closed: date) -> None:
    assert not is_working_day(closed)
    with pytest.raises(BadCollectionDate):
        check_collection_date(closed, date(2026, 11, 2), 14)


def test_french_holidays_are_working_days_for_banks() -> None:
    assert is_working_day(date(2026, 11, 11))


@pytest.mark.parametrize("day", [MONDAY, date(2026, 12, 4), date(2027, 6, 1)])
def test_too_early_and_too_late_are_refused_at_the_field(day: date) -> None:
    with pytest.raises(BadCollectionDate) as refused:
        check_collection_date(day, MONDAY, 14)
    assert [error.field for error in refused.value.errors] == ["collected_on"]


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(0, 60))
def test_the_earliest_day_is_always_one_that_is_accepted(today: date, notice: int) -> None:
    check_collection_date(earliest_collection(today, notice), today, notice)


@pytest.mark.parametrize("format_", FORMATS)
def test_the_bank_is_sent_one_block_a_sequence_with_its_own_sums(format_: str) -> None:
    root = written(
        format_, transfer(1, 1015, "FRST"), transfer(2, 20), transfer(3, 999_999, bic="PSSTFRPP")
    )
    assert root.tag == f"{{urn:iso:std:iso:20022:tech:xsd:{format_}}}Document"
    assert texts(root, "SeqTp") == ["FRST", "RCUR"]
    assert texts(root, "CtrlSum") == ["10010.34", "10.15", "10000.19"]
    assert texts(root, "NbOfTxs") == ["3", "1", "2"]
    assert texts(root, "ReqdColltnDt") == ["2026-12-15"] * 2
    assert texts(root, "EndToEndId")[0] == "2026EJ000001B1"
    assert texts(root, "MndtId")[0] == "PF20261123000000000001"
    assert "FR72ZZZ123456" in texts(root, "Id")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 99_999_999), min_size=1, max_size=12), st.sampled_from(FORMATS))
def test_the_sum_of_the_file_is_the_sum_of_its_debits(amounts: list[int], format_: str) -> None:
    root = written(format_, *(transfer(n, cents) for n, cents in enumerate(amounts)))
    assert Decimal(texts(root, "CtrlSum")[0]) * 100 == sum(amounts)
    assert [int(Decimal(t) * 100) for t in texts(root, "InstdAmt")] == amounts


@pytest.mark.parametrize("format_", FORMATS)
def test_each_place_in_a_mandates_row_is_a_block_that_the_schema_takes(format_: str) -> None:
    places = [place.value for place in Sequence]
    root = written(format_, *(transfer(n, 100 + n, p) for n, p in enumerate(places)))
    assert sorted(texts(root, "SeqTp")) == ["FNAL", "FRST", "OOFF", "RCUR"]
    assert texts(root, "NbOfTxs") == ["4", "1", "1", "1", "1"]


END = date(2027, 6, 30)


@pytest.mark.parametrize(
    ("use", "collected_on", "wanted", "places"),
    [
        (Use(one_off=True, used=False, ends_on=None), MONDAY, 3, ["OOFF"]),
        (Use(one_off=True, used=True, ends_on=None), MONDAY, 3, []),
        (Use(one_off=False, used=False, ends_on=None), MONDAY, 3, ["FRST", "RCUR", "RCUR"]),
        (Use(one_off=False, used=True, ends_on=None), MONDAY, 2, ["RCUR", "RCUR"]),
        # Another collection comes before the end.
        (Use(one_off=False, used=True, ends_on=END), date(2027, 5, 28), 2, ["RCUR", "RCUR"]),
        (Use(one_off=False, used=True, ends_on=END), date(2027, 5, 31), 2, ["RCUR", "FNAL"]),
        (Use(one_off=False, used=True, ends_on=END), END, 1, ["FNAL"]),
        (Use(one_off=False, used=False, ends_on=END), END, 2, ["FRST", "FNAL"]),
        (Use(one_off=False, used=False, ends_on=END), END, 1, ["FNAL"]),
        (Use(one_off=False, used=True, ends_on=END), date(2027, 7, 1), 2, []),
    ],
)
def test_a_debit_has_its_place_in_the_row_of_its_mandate(
    use: Use, collected_on: date, wanted: int, places: list[str]
) -> None:
    assert list(sequences(use, collected_on, wanted)) == places


@given(
    st.builds(Use, st.booleans(), st.booleans(), st.none() | st.dates(MONDAY, END)),
    st.dates(MONDAY, END),
    st.integers(0, 6),
)
def test_no_row_has_two_firsts_nor_goes_on_after_its_last(
    use: Use, collected_on: date, wanted: int
) -> None:
    row = sequences(use, collected_on, wanted)
    assert len(row) in (wanted, min(wanted, 1), 0)
    assert Sequence.FIRST not in row[1:]
    assert Sequence.FINAL not in row[:-1]
    assert (Sequence.ONE_OFF in row) == (use.one_off and bool(row))
    assert not (use.used and Sequence.FIRST in row)


def test_the_reference_of_a_debit_is_its_invoice_and_batch() -> None:
    assert end_to_end_id("2026-EJ-000123", 7) == "2026EJ000123B7"


def test_rejects_and_returns_are_read_from_either_message() -> None:
    lines = [("2026EJ000001B1", "AC04", 1015), ("2026EJ000002B1", "AM04", 20)]
    expected = tuple(Returned(*line) for line in lines)
    assert read_returns(pain_002("REJ1", lines)).returned == expected
    assert read_returns(camt_054("RET1", lines)).returned == expected
    assert read_returns(pain_002("REJ1", lines)).message_id == "REJ1"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "aucun rejet"),
        (b"a;b;c", "ces colonnes"),
        (b"<a><b>", "XML"),
        (b"<!DOCTYPE x [<!ENTITY e 'y'>]><x>&e;</x>", "XML"),
        (b"<Document><CstmrDrctDbtInitn/></Document>", "pain.002"),
        (b"<Document><CstmrPmtStsRpt/></Document>", "aucun rejet"),
    ],
)
def test_a_file_that_is_no_list_of_returns_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BadReturnsFile) as refused:
        read_returns(content)
    assert reason in refused.value.errors[0].message


def test_every_reason_is_told_in_french_and_an_unknown_one_as_it_stands() -> None:
    assert all(reason.label for reason in REASONS.values())
    assert reason_of("ZZ99").label == "Motif ZZ99"
    assert {code for code in ("AC04", "MD01", "MD07") if reason_of(code).ends_mandate} == {
        "AC04",
        "MD01",
        "MD07",
    }
    assert not reason_of("AM04").ends_mandate
