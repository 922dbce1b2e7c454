"""The shipped official calendar of zone B, and the public holidays."""

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from services.reservations.model.school_calendar import SchoolCalendar, public_holidays
from tests.unit.reservations.builders import CALENDARS, SHIPPED, TOWN, ZONE_B


def test_the_shipped_calendar_names_its_source() -> None:
    data = json.loads(SHIPPED.read_text(encoding="utf-8"))
    assert data["source_url"].startswith("https://data.gouv.fr/")
    assert "officiel" in data["source"]


@pytest.mark.parametrize(
    ("last_class", "first_holiday", "last_holiday", "back", "name"),
    [
        ("2026-10-16", "2026-10-18", "2026-11-01", "2026-11-02", "Vacances de la Toussaint"),
        ("2026-12-18", "2026-12-20", "2027-01-03", "2027-01-04", "Vacances de Noël"),
        ("2027-02-19", "2027-02-21", "2027-03-07", "2027-03-08", "Vacances d’hiver"),
        ("2027-04-16", "2027-04-18", "2027-05-02", "2027-05-03", "Vacances de printemps"),
    ],
)
def test_holidays_begin_after_class_and_end_on_the_morning_of_return(
    last_class: str, first_holiday: str, last_holiday: str, back: str, name: str
) -> None:
    days = [date.fromisoformat(text) for text in (last_class, first_holiday, last_holiday, back)]
    assert [ZONE_B.has_class(day) for day in days] == [True, False, False, True]
    found = [ZONE_B.break_on(day) for day in days]
    assert [b.name if b else None for b in found] == [None, name, name, None]


def test_pupils_come_on_the_first_of_september_and_leave_in_july() -> None:
    assert not ZONE_B.has_class(date(2026, 8, 31))
    assert ZONE_B.has_class(date(2026, 9, 1))
    assert ZONE_B.has_class(date(2027, 7, 2))
    assert not ZONE_B.has_class(date(2027, 7, 5))
    assert ZONE_B.is_school_holiday(date(2027, 7, 5))
    assert ZONE_B.is_school_holiday(date(2027, 8, 31))


def test_nothing_is_made_up_about_years_that_are_not_known() -> None:
    unknown = date(2028, 9, 6)
    assert not ZONE_B.has_class(unknown)
    assert not ZONE_B.is_school_holiday(unknown)
    assert ZONE_B.label(unknown) is None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 11), "Armistice"),
        (date(2026, 12, 25), "Noël"),
        (date(2027, 1, 1), "Jour de l’an"),
        (date(2027, 3, 29), "Lundi de Pâques"),
        (date(2027, 5, 6), "Ascension"),
        (date(2027, 5, 17), "Lundi de Pentecôte"),
        (date(2027, 7, 14), "Fête nationale"),
    ],
)
def test_public_holidays_have_no_class_and_their_french_name(day: date, name: str) -> None:
    assert ZONE_B.holiday(day) == name
    assert ZONE_B.label(day) == name
    assert not ZONE_B.has_class(day)
    assert not TOWN.counts(day, {"public_holiday"})
    assert not ZONE_B.is_school_holiday(day)


def test_a_year_has_eleven_public_holidays() -> None:
    assert [len(public_holidays(year)) for year in range(2025, 2030)] == [11] * 5


def test_the_ascension_bridge_is_free_of_class_and_no_holiday_of_the_leisure_centre() -> None:
    bridge = date(2027, 5, 7)
    assert ZONE_B.label(bridge) == "Pont de l’Ascension"
    assert not ZONE_B.has_class(bridge)
    assert not ZONE_B.is_school_holiday(bridge)
    assert TOWN.counts(bridge, {"saturday", "sunday", "public_holiday"})
    assert not TOWN.counts(bridge, {"school_holiday"})


@pytest.mark.parametrize("zone", ["a", "b", "c"])
def test_each_zone_is_shipped_for_three_years_whose_holidays_do_not_overlap(zone: str) -> None:
    data = json.loads((CALENDARS / f"zone-{zone}.json").read_text(encoding="utf-8"))
    calendar = SchoolCalendar.from_data(data)
    assert (calendar.zone, len(calendar.years)) == (zone.upper(), 3)
    for year, following in pairwise(calendar.years):
        assert year.breaks[-1].return_on == following.starts_on
    for year in calendar.years:
        assert [b.leave_on for b in year.breaks] == sorted(b.leave_on for b in year.breaks)
        assert all(a.return_on <= b.leave_on for a, b in pairwise(year.breaks))
        assert year.breaks[-1].leave_on == year.ends_on


def test_the_zones_differ_in_winter_and_spring() -> None:
    day = date(2027, 2, 10)
    kinds = {}
    for zone in "abc":
        data = json.loads((CALENDARS / f"zone-{zone}.json").read_text(encoding="utf-8"))
        kinds[zone] = SchoolCalendar.from_data(data).kind(day)
    assert kinds == {"a": "class", "b": "class", "c": "holidays"}


@pytest.mark.parametrize(
    ("day", "name"), [(date(2027, 3, 26), "Vendredi saint"), (date(2026, 12, 26), "Saint")]
)
def test_alsace_moselle_has_two_public_holidays_more(day: date, name: str) -> None:
    there = replace(ZONE_B, alsace_moselle=True)
    assert name in (there.holiday(day) or "")
    assert ZONE_B.holiday(day) is None


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 11, 27), "class"),
        (date(2026, 11, 28), "weekend"),
        (date(2026, 12, 22), "holidays"),
        (date(2026, 12, 25), "public_holiday"),
        (date(2027, 5, 7), "bridge"),
        (date(2028, 9, 6), "unknown"),
    ],
)
def test_what_sort_of_day_it_is(day: date, kind: str) -> None:
    assert ZONE_B.kind(day) == kind
