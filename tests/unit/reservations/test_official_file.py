"""The ministry's iCalendar file is read as it is meant; anything else is refused, saying why."""

from datetime import date

import pytest

from services.reservations.errors import BadCalendarFile
from services.reservations.model.official_file import read_official_file
from services.reservations.model.school_calendar import SchoolCalendar, school_year, written
from tests.unit.reservations.builders import ZONE_B

ALL_ZONES = (
    ("20260704", "20260901", "Vacances d'Été - Zones A/B/C - Corse"),
    ("20260831", "20260901", "Vacances d'Été(prérentrée Enseignants) - Zones A/B/C"),
    ("20261017", "20261102", "Vacances de la Toussaint - Zones A/B/C"),
    ("20261219", "20270104", "Vacances de Noël - Zones A/B/C - Corse"),
    # The file of all zones cuts a break where the set of zones changes.
    ("20270206", "20270213", "Vacances d'Hiver - Zone C"),
    ("20270213", "20270220", "Vacances d'Hiver - Zones A/C"),
    ("20270220", "20270222", "Vacances d'Hiver - Zones A/B/C"),
    ("20270222", "20270301", "Vacances d'Hiver - Zones A/B"),
    ("20270301", "20270308", "Vacances d'Hiver - Zone B"),
    ("20270417", "20270503", "Vacances de Printemps - Zone B"),
    ("20270506", "20270510", "Pont de l'Ascension - Zones A/B/C"),
    ("20270703", "20270703", "Début des Vacances d'Été - Zones A/B/C"),
    ("20270908", "20270909", "La journée du 8 septembre - Corse"),
)


def file_of(events: tuple[tuple[str, str, str], ...]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "PRODID:-//education.gouv.fr//FR", "VERSION:2.0"]
    for number, (first, back, summary) in enumerate(events):
        lines += [
            *("BEGIN:VEVENT", f"UID:{number}@education.gouv.fr", "DTSTAMP:20260701T120000Z"),
            *(f"DTSTART;VALUE=DATE:{first}", f"DTEND;VALUE=DATE:{back}"),
            *(f"SUMMARY:{summary}", "END:VEVENT"),
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def test_the_file_of_all_zones_says_for_zone_b_what_is_shipped() -> None:
    [year] = read_official_file(file_of(ALL_ZONES), "B")
    assert (year.label, year.starts_on, year.ends_on) == (
        "2026-2027",
        date(2026, 9, 1),
        date(2027, 7, 3),
    )
    read = SchoolCalendar("B", (year,))
    shipped = next(known for known in ZONE_B.years if known.label == year.label)
    for known in shipped.breaks[:-1]:
        for day in (known.leave_on, known.return_on):
            assert read.has_class(day) == ZONE_B.has_class(day)
            assert read.is_school_holiday(day) == ZONE_B.is_school_holiday(day)
    assert read.label(date(2027, 2, 24)) == "Vacances d’Hiver"
    assert [b.kind for b in year.breaks].count("bridge") == 1


def test_the_parts_of_a_break_are_put_together_for_each_zone() -> None:
    def winter(zone: str) -> tuple[date, date]:
        [year] = read_official_file(file_of(ALL_ZONES), zone)
        [found] = [b for b in year.breaks if "Hiver" in b.name]
        return found.leave_on, found.return_on

    assert winter("A") == (date(2027, 2, 13), date(2027, 3, 1))
    assert winter("B") == (date(2027, 2, 20), date(2027, 3, 8))
    assert winter("C") == (date(2027, 2, 6), date(2027, 2, 22))


def test_leave_after_class_on_the_first_day_and_back_in_the_morning_of_the_last() -> None:
    [year] = read_official_file(file_of(ALL_ZONES), "B")
    read = SchoolCalendar("B", (year,))
    assert read.has_class(date(2026, 10, 17))
    assert read.is_school_holiday(date(2026, 10, 18))
    assert read.has_class(date(2026, 11, 2))


def test_a_rentree_of_its_own_begins_the_year() -> None:
    events = (
        ("20280904", "20280904", "Rentrée scolaire des élèves"),
        ("20281021", "20281106", "Vacances de la Toussaint"),
        ("20290706", "20290706", "Début des Vacances d'Été"),
    )
    [year] = read_official_file(file_of(events), "B")
    assert (year.label, year.starts_on) == ("2028-2029", date(2028, 9, 4))
    assert year.known_until == date(2029, 8, 31)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "iCalendar"),
        (b"dossier;nom\nF1;Martin\n", "iCalendar"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "iCalendar"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "iCalendar"),
        (file_of((("2026-10-17", "bientôt", "Vacances de la Toussaint"),)), "iCalendar"),
        (file_of(()), "aucune vacance de la zone B"),
        (file_of((("20270206", "20270213", "Vacances d'Hiver - Zone C"),)), "de la zone B"),
        (file_of(ALL_ZONES[2:5]), "aucune année scolaire entière"),
        (file_of((("00010101", "00010102", "Vacances de Noël"),)), "aucune vacance"),
    ],
)
def test_what_is_no_official_calendar_is_refused_and_told_why(content: bytes, why: str) -> None:
    with pytest.raises(BadCalendarFile) as refusal:
        read_official_file(content, "B")
    assert why in refusal.value.detail
    assert [error.field for error in refusal.value.errors] == ["file"]


def test_a_year_is_kept_as_it_was_read() -> None:
    [year] = read_official_file(file_of(ALL_ZONES), "B")
    assert school_year(written(year)) == year


def test_years_that_are_put_in_take_the_place_of_the_shipped() -> None:
    [year] = read_official_file(file_of(ALL_ZONES), "B")
    newer = ZONE_B.with_years([year])
    assert [known.label for known in newer.years] == [known.label for known in ZONE_B.years]
    assert newer.years[1] is year
