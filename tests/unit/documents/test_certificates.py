"""What papers say, of whom, and what a check of them tells."""

import io
from dataclasses import asdict
from datetime import date
from uuid import UUID, uuid4

import pypdf
import pytest

from services.documents import papers
from services.documents.errors.certificate import CertificateRefused, NothingToCertify
from services.documents.model.certificate import (
    Attended,
    Child,
    Enrolled,
    Household,
    Paid,
    Paper,
    Period,
    as_typed_code,
    new_code,
    paper_from,
)
from services.documents.model.certificate_wording import (
    attendance_paper,
    enrolment_paper,
    payment_paper,
    tax_paper,
)

TODAY = date(2026, 11, 25)
ZOE = Child(UUID(int=1), "Zoé", "Le Goff", date(2021, 3, 1))
LEO = Child(UUID(int=2), "Léo", "Le Goff", date(2018, 9, 12))
HOUSEHOLD = Household(
    UUID(int=9), "D-0042", ("Anne LE GOFF", "3 rue de l’Église", "56890 PLESCOP"), (LEO, ZOE)
)
YEAR = Period(date(2026, 1, 1), TODAY)


def paid(child: Child, cents: int, kind: str | None = "wednesday", *, day: date = TODAY) -> Paid:
    return Paid(uuid4(), day, "EJ-2026-1", child.child_id, kind, cents)


@pytest.mark.parametrize(
    ("born", "counts"),
    [
        (date(2020, 1, 1), False),  # six on the very day
        (date(2020, 1, 2), True),
        (date(2019, 12, 31), False),
        (date(2026, 6, 1), True),  # born within the year
    ],
)
def test_a_child_counts_while_under_six_on_the_first_of_january(born: date, counts: bool) -> None:
    assert Child(uuid4(), "A", "B", born).is_under_tax_age(2026) is counts


def test_the_tax_certificate_counts_care_of_young_children_and_no_meals() -> None:
    found = [paid(ZOE, 12_000), paid(ZOE, 5_000, "canteen"), paid(LEO, 9_000), paid(ZOE, -500)]
    paper = tax_paper(HOUSEHOLD, YEAR, found, TODAY)
    assert [row.value for row in paper.rows] == ["115,00\u00a0€"]
    assert paper.total == "115,00\u00a0€"
    assert "Zoé LE GOFF" in paper.rows[0].text
    assert "arrêtés au 25 novembre 2026" in paper.statement
    assert "200 quater B" in paper.notes[0]


def test_a_year_that_is_over_is_not_said_to_be_provisional() -> None:
    over = Period(date(2025, 1, 1), date(2025, 12, 31))
    assert "arrêtés" not in tax_paper(HOUSEHOLD, over, [paid(ZOE, 100)], TODAY).statement


@pytest.mark.parametrize(
    "found", [[], [paid(LEO, 100)], [paid(ZOE, 100, "canteen")], [paid(ZOE, 100), paid(ZOE, -100)]]
)
def test_without_care_of_a_young_child_there_is_no_tax_certificate(found: list[Paid]) -> None:
    with pytest.raises(NothingToCertify, match="moins de 6 ans"):
        tax_paper(HOUSEHOLD, YEAR, found, TODAY)


def test_an_activity_that_we_have_not_heard_of_makes_the_tax_certificate_wait() -> None:
    with pytest.raises(NothingToCertify, match="Réessayez"):
        tax_paper(HOUSEHOLD, YEAR, [paid(ZOE, 100, None)], TODAY)


def test_payments_are_listed_one_by_one_with_their_total() -> None:
    first = paid(ZOE, 1_250, day=date(2026, 10, 3))
    rest = Paid(first.payment_id, first.received_on, "EJ-2026-2", LEO.child_id, "canteen", 350)
    paper = payment_paper(HOUSEHOLD, YEAR, [paid(LEO, 700), first, rest], TODAY)
    assert [row.value for row in paper.rows] == ["16,00\u00a0€", "7,00\u00a0€"]
    assert "EJ-2026-1, EJ-2026-2" in paper.rows[0].text
    assert paper.total == "23,00\u00a0€"


def test_attendance_names_the_days_of_each_month() -> None:
    days = [Attended("Cantine", date(2026, 11, n)) for n in (2, 3, 5)]
    paper = attendance_paper(HOUSEHOLD, ZOE, YEAR, [*days, Attended("Cantine", TODAY)], TODAY)
    assert paper.rows[0].text == "Cantine, novembre 2026\u00a0: les 2, 3, 5 et 25"
    assert (paper.rows[0].value, paper.total) == ("4 jours", "4 présences")


def test_an_enrolment_is_certified_with_its_dates() -> None:
    enrolled = Enrolled("Cantine", "École Ferry", "2026-2027", date(2026, 9, 1), date(2027, 7, 3))
    paper = enrolment_paper(HOUSEHOLD, ZOE, [enrolled], TODAY)
    assert paper.rows[0].value == "du 01/09/2026 au 03/07/2027"
    with pytest.raises(NothingToCertify):
        enrolment_paper(HOUSEHOLD, ZOE, [], TODAY)


def every_paper() -> list[Paper]:
    enrolled = Enrolled("Cantine", "École Ferry", "2026-2027", date(2026, 9, 1), date(2027, 7, 3))
    return [
        enrolment_paper(HOUSEHOLD, ZOE, [enrolled], TODAY),
        attendance_paper(HOUSEHOLD, ZOE, YEAR, [Attended("Cantine", TODAY)], TODAY),
        payment_paper(HOUSEHOLD, YEAR, [paid(ZOE, 100)], TODAY),
        tax_paper(HOUSEHOLD, YEAR, [paid(ZOE, 100)], TODAY),
    ]


@pytest.mark.parametrize("paper", every_paper(), ids=lambda paper: paper.kind)
def test_a_check_tells_initials_and_no_name(paper: Paper) -> None:
    told = str(paper.checked())
    assert "Z. L." in told
    assert "Goff" not in told
    assert "GOFF" not in told
    assert "Zoé" not in told
    assert "Anne" not in told


MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44">'
    '<rect width="44" height="44" fill="#0d5c53"/></svg>'
)


@pytest.mark.parametrize("mark", ["", MARK], ids=["no mark", "a mark"])
@pytest.mark.parametrize("paper", every_paper(), ids=lambda paper: paper.kind)
def test_a_paper_is_set_as_one_page_with_its_code(paper: Paper, mark: str) -> None:
    sender = papers.Sender("Saint-Aubin", "Service enfance", "https://portail.example/", mark)
    code = new_code()
    pdf = papers.set_certificate(papers.certificate_data(paper, code, sender))
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    text = page.extract_text()
    assert paper.title in text
    assert code in text
    assert "https://portail.example/verifier" in text


def test_a_paper_survives_being_sealed() -> None:
    for paper in every_paper():
        values = asdict(paper) | {"issued_on": paper.issued_on.isoformat()}
        assert paper_from(values) == paper


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, TODAY, "from"),
        (TODAY, None, "to"),
        (TODAY, date(2026, 11, 1), "to"),
        (date(2024, 1, 1), TODAY, "to"),
        (date(2026, 12, 1), date(2026, 12, 2), "from"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    first: date | None, last: date | None, field: str
) -> None:
    with pytest.raises(CertificateRefused) as refused:
        Period.asked(first, last, TODAY)
    assert refused.value.errors[0].field == field


@pytest.mark.parametrize("year", [None, 2019, 2027])
def test_a_tax_year_to_come_is_refused(year: int | None) -> None:
    with pytest.raises(CertificateRefused):
        Period.tax_year(year, TODAY)


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    assert as_typed_code(f" {code.lower().replace('-', ' ')} ") == code.replace("-", "")
    for wrong in ("", "AAAA-BBBB", "0000-0000-0000", "AAAA-BBBB-CCCC-D", "é" * 12):
        assert as_typed_code(wrong) is None
