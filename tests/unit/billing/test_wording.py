"""What invoices say."""

from datetime import date

import pytest

from services.billing.errors import BadMonth
from services.billing.model.families import addressee
from services.billing.model.months import Month
from services.billing.model.units import Basis
from services.billing.model.wording import Grounds, euros


def said(grounds: Grounds) -> str:
    """The reason with plain spaces."""
    return grounds.reason.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("grounds", "reason"),
    [
        (
            Grounds(
                Basis.PRESENT, quotient=720, quotient_state="known", band_from=600, band_to=851
            ),
            "Présence – quotient familial 720, tranche de 600 à 850",
        ),
        (
            Grounds(Basis.ABSENT, quotient=1600, quotient_state="known", band_from=1409),
            "Absence non excusée – quotient familial 1600, tranche à partir de 1409",
        ),
        (
            Grounds(Basis.RESERVED, quotient_state="missing", band_from=1409),
            "Réservation – quotient familial non communiqué : tarif le plus élevé",
        ),
        (
            Grounds(
                Basis.LATE_CANCELLATION,
                quotient=500,
                quotient_until=date(2026, 8, 31),
                quotient_state="expired",
            ),
            "Annulation après le délai – quotient familial périmé depuis le 31/08/2026 : "
            "tarif le plus élevé",
        ),
        (
            Grounds(
                Basis.UNRESERVED,
                quotient=500,
                quotient_state="known",
                band_from=0,
                surcharge_cents=200,
            ),
            "Présence sans réservation, dont majoration de 2,00 € – tarif unique",
        ),
        (
            Grounds(
                Basis.LATE_RESERVATION,
                quotient=500,
                quotient_state="known",
                band_from=0,
                surcharge_cents=150,
            ),
            "Réservation après le délai, dont majoration de 1,50 € – tarif unique",
        ),
        (
            Grounds(Basis.CLOSED, corrects="2026-EJ-000012"),
            "Régularisation de la facture 2026-EJ-000012 : séance fermée par la ville",
        ),
        (
            Grounds(Basis.EXCUSED, corrects="2026-EJ-000012"),
            "Régularisation de la facture 2026-EJ-000012 : absence excusée",
        ),
        (
            Grounds(Basis.PRESENT, corrects="2026-EJ-000012"),
            "Régularisation de la facture 2026-EJ-000012 : présence",
        ),
        (Grounds(Basis.RESERVED), "Réservation – tarif à paraître"),
    ],
)
def test_each_line_says_why(grounds: Grounds, reason: str) -> None:
    assert said(grounds) == reason


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0,00\u00a0€"), (-350, "-3,50\u00a0€"), (1234567, "12\u202f345,67\u00a0€")],
)
def test_euros_are_written_as_in_french(cents: int, text: str) -> None:
    assert euros(cents) == text


def test_a_month_ends_where_the_next_begins() -> None:
    assert Month.parse("2026-12").after == date(2027, 1, 1)
    assert Month.parse("2028-02").after == date(2028, 3, 1)
    assert Month.parse("2026-11").label == "novembre 2026"


@pytest.mark.parametrize("text", ["2026-13", "novembre", "2026", "9999-12", "0001-01", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(BadMonth):
        Month.parse(text)


@pytest.mark.parametrize("text", ["2025-11", "2026-10", "2026-11", "2026-12"])
def test_a_past_month_this_one_and_the_next_may_be_billed(text: str) -> None:
    Month.parse(text).check(date(2026, 11, 23))


@pytest.mark.parametrize("text", ["2025-10", "2027-01", "2062-11"])
def test_a_month_further_away_is_a_slip(text: str) -> None:
    with pytest.raises(BadMonth):
        Month.parse(text).check(date(2026, 11, 23))


def test_an_address_has_at_most_six_lines_and_no_punctuation() -> None:
    names = ["Anne MARTIN", "Paul DURAND", "Zoé PETIT"]
    streets = ["Rés. des Lilas, bât. B", "3, rue du Lavoir", "Le Bourg", "trop"]
    assert addressee(names, streets, "50890", "Saint-Aubin") == [
        "Anne MARTIN",
        "Paul DURAND",
        "Rés des Lilas bât B",
        "3 rue du Lavoir",
        "Le Bourg",
        "50890 SAINT-AUBIN",
    ]
