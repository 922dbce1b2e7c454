"""What banks' portals export of returned debits, and what is refused of it."""

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.errors.treasury import BadReturnsFile
from services.billing.files.returns import read_returns
from services.billing.model.debits import REASONS, Returned

HEADING = "Date du rejet;Référence de bout en bout;Montant;Motif de rejet"
LINE = "08/12/2026;2026EJ000001B1;1 234,50;AC04"


def table(*lines: str, heading: str = HEADING) -> str:
    return "\r\n".join([heading, *lines, ""])


def reasons(content: str | bytes) -> Sequence[str]:
    with pytest.raises(BadReturnsFile) as refused:
        read_returns(content if isinstance(content, bytes) else content.encode())
    return [error.message for error in refused.value.errors]


def test_a_table_is_read_by_its_headings_in_whatever_order() -> None:
    other = "code motif;MONTANT EUR;Libellé;EndToEndId;date"
    content = table("MD06 - Remboursement;-3,5;Cantine;2026EJ000002B1;2026-12-08", heading=other)
    assert read_returns(content.encode()).returned == (Returned("2026EJ000002B1", "MD06", 350),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_is_the_same_message_however_it_was_saved(encoding: str) -> None:
    read = read_returns(table(LINE).encode(encoding))
    assert read == read_returns(table(LINE).replace("\r\n", "\n").encode())
    assert read.returned == (Returned("2026EJ000001B1", "AC04", 123450),)
    assert len(read.message_id) <= 35


def test_tables_that_say_something_else_are_other_messages() -> None:
    ids = {
        read_returns(table(line).encode()).message_id
        for line in (LINE, LINE.replace("08/", "09/"), LINE.replace("50", "51"))
    }
    assert len(ids) == 3


def test_a_bank_that_gives_no_reason_is_read() -> None:
    (returned,) = read_returns(table(LINE.replace("AC04", "")).encode()).returned
    assert returned.code in REASONS


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("08/12/2026;;3,50;AC04", "référence"),
        ("31/02/2026;X1;3,50;AC04", "date"),
        (";X1;3,50;AC04", "date"),
        ("08/12/2026;X1;3.50;AC04", "montant"),
        ("08/12/2026;X1;0,00;AC04", "montant"),
        ("08/12/2026;X1;;AC04", "montant"),
        ("08/12/2026;X1;3,505;AC04", "montant"),
        ("08/12/2026;X1;3,50;insuffisant", "motif"),
        ("08/12/2026", "référence"),
    ],
)
def test_a_line_that_cannot_be_read_refuses_the_file_by_its_number(line: str, reason: str) -> None:
    assert any(r.startswith("Ligne 3") and reason in r for r in reasons(table(LINE, line)))


def test_columns_that_are_missing_or_stand_there_twice_are_named() -> None:
    (message,) = reasons(table(LINE, heading="Date;Référence;Montant;Montant"))
    assert "montant, code motif" in message
    assert "date," not in message


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    with suppress(BadReturnsFile):
        read_returns(content)


@given(st.integers(1, 99_999_999))
def test_amounts_are_read_to_the_cent(cents: int) -> None:
    amount = f"{cents // 100:,}".replace(",", "\u202f") + f",{cents % 100:02}"
    (returned,) = read_returns(table(f"08/12/2026;X1;{amount};AC04").encode()).returned
    assert returned.amount_cents == cents
