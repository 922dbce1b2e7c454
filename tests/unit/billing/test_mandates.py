"""Which accounts can be debited, and what is shown of them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.errors.treasury import BadIban, BadMandateEnd
from services.billing.model.mandates import (
    Creditor,
    bank_account,
    check_end,
    consent_text,
    new_rum,
)
from tests.unit.billing.builders import DAY

IBAN = "FR1420041010050500013M02606"
TOWN = Creditor("Ville de Saint-Aubin", "FR72ZZZ123456", IBAN, "PSSTFRPPXXX")


def test_an_account_is_read_as_people_write_it_and_its_bank_is_found() -> None:
    account = bank_account(" fr14 2004 1010 0505 0001 3m02 606 ")
    assert (account.iban, account.bic) == (IBAN, "PSSTFRPP")


def test_what_is_shown_of_an_account_are_its_last_digits() -> None:
    shown = bank_account(IBAN).masked
    assert shown.endswith("2606")
    assert "0505" not in shown


@given(st.integers(min_value=4, max_value=26), st.integers(min_value=1, max_value=9))
def test_one_digit_copied_wrongly_is_always_noticed(place: int, step: int) -> None:
    digit = IBAN[place]
    if not digit.isdigit():
        return
    wrong = IBAN[:place] + str((int(digit) + step) % 10) + IBAN[place + 1 :]
    with pytest.raises(BadIban) as refused:
        bank_account(wrong)
    assert [error.field for error in refused.value.errors] == ["iban"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FR1520041010050500013M02606", "clé de contrôle"),  # the IBAN's own key
        ("FR9720041010050500013M02607", "clé de contrôle"),  # the bank's key (clé RIB)
        ("FR14", "IBAN"),
        ("1234", "IBAN"),
        ("", "IBAN"),
        ("BR1500000000000010932840814P2", "SEPA"),
    ],
)
def test_what_cannot_be_debited_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadIban) as refused:
        bank_account(text)
    assert reason in refused.value.errors[0].message


def test_what_is_signed_says_whether_it_collects_once_or_on_and_on() -> None:
    for one_off, extent in ((True, "ponctuel"), (False, "récurrent")):
        text = consent_text(TOWN, "PF1", one_off=one_off)
        assert extent in text
        assert ("ponctuel" in text) != ("récurrent" in text)
        assert TOWN.ics in text


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_mandate_ends_on_a_day_to_come_within_a_year(days: int) -> None:
    check_end(DAY + timedelta(days=1), DAY)
    check_end(DAY + timedelta(days=366), DAY)
    with pytest.raises(BadMandateEnd) as refused:
        check_end(DAY + timedelta(days=days), DAY)
    assert [error.field for error in refused.value.errors] == ["ends_on"]


def test_a_mandates_reference_is_one_that_every_bank_takes() -> None:
    assert re.fullmatch(r"[A-Z0-9]{1,35}", new_rum(uuid4(), DAY))


def test_what_is_signed_names_the_creditor_and_the_mandate() -> None:
    text = consent_text(TOWN, "PF1")
    assert "FR72ZZZ123456" in text
    assert "Ville de Saint-Aubin" in text
    assert "PF1" in text
