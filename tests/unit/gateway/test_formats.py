"""Amounts, dates and states as French readers write them."""

from datetime import UTC, date, datetime

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from gateway import formats, labels
from gateway.formats import FILTERS

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (1250, "12,50\u00a0€"),
        (-1250, "\u221212,50\u00a0€"),
        (123456789, "1\u202f234\u202f567,89\u00a0€"),
    ],
)
def test_amounts(cents: int, text: str) -> None:
    assert formats.euros(cents) == text


@given(st.integers(-(10**12), 10**12))
def test_no_cent_is_lost_in_writing(cents: int) -> None:
    written = formats.euros(cents).replace(formats.MINUS, "-")
    digits = "".join(c for c in written if c.isdigit() or c == "-")
    assert int(digits) == cents


def test_dates() -> None:
    assert formats.long_date(DAY) == "lundi 23 novembre 2026"
    assert formats.long_date(date(2026, 12, 1)) == "mardi 1er décembre 2026"
    assert formats.short_date(DAY) == "23/11/2026"
    assert formats.day_month(DAY) == "lun. 23 nov."
    assert formats.weekday(DAY) == "lundi"
    assert formats.month_year(DAY) == "novembre 2026"
    assert formats.period("2026-11") == "novembre 2026"
    assert formats.weekdays((1, 2, 4)) == "lundi, mardi, jeudi"


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_days_are_written_as_the_common_locale_data_has_them_but_for_the_first(day: date) -> None:
    written = {
        "EEEE d MMMM y": formats.long_date(day),
        "EEE d MMM": formats.day_month(day),
        "MMMM y": formats.month_year(day),
        "dd/MM/y": formats.short_date(day),
    }
    common = {pattern: format_date(day, pattern, locale="fr_FR") for pattern in written}
    assert {pattern: text.replace(" 1er ", " 1 ") for pattern, text in written.items()} == common
    for pattern in ("EEEE d MMMM y", "EEE d MMM"):
        assert (" 1er " in written[pattern]) == (day.day == 1)


@pytest.mark.parametrize(
    ("ten_thousandths", "text"),
    [(3000, "30\u00a0%"), (6667, "66,67\u00a0%"), (50, "0,50\u00a0%"), (10_000, "100\u00a0%")],
)
def test_a_percentage_is_not_parted_from_its_sign(ten_thousandths: int, text: str) -> None:
    assert formats.percent(ten_thousandths) == text


def test_instants_are_shown_on_the_clocks_of_paris_across_both_changes() -> None:
    summer = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    winter = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert (formats.time(summer), formats.time(winter)) == ("02:30", "02:30")
    assert formats.moment(datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == "24/11/2026 à 00:30"
    assert formats.long_date(datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == (
        "mardi 24 novembre 2026"
    )


def test_states_agree_with_their_noun() -> None:
    assert labels.status_label("paid") == "Payée"
    assert labels.status_label("paid", "payment") == "Payé"
    assert labels.status_tone("refused") == "danger"
    assert labels.status_label("something-new") == "something-new"
    assert labels.status_tone("something-new") == "neutral"


def test_sizes() -> None:
    assert formats.file_size(12_345) == "12\u00a0Ko"
    assert formats.file_size(2_400_000) == "2,4\u00a0Mo"


def test_every_filter_goes_by_its_functions_name() -> None:
    assert all(getattr(formats, name) is function for name, function in FILTERS.items())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Élodie", "d’Élodie"),
        ("octobre 2026", "d’octobre 2026"),
        ("Maël", "de Maël"),
        ("Yanis", "de Yanis"),
        ("Yves", "d’Yves"),
        ("", "de "),
    ],
)
def test_of_whom_is_written_as_it_is_said(name: str, words: str) -> None:
    assert formats.of(name) == words


def test_the_days_of_an_invoice_are_listed_month_by_month() -> None:
    days = [date(2026, 11, 5), date(2026, 11, 1), date(2026, 12, 3), date(2026, 11, 3)]
    assert formats.days_listed(days) == "1er, 3 et 5 novembre 2026 ; 3 décembre 2026"
    assert formats.days_listed([]) == ""
