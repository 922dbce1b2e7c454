"""The rules of real towns, as their pages write them, session by session."""

from datetime import date, datetime, time, timedelta

import pytest

from contracts.events.deadlines import (
    ByWeekday,
    CalendarDaysBefore,
    Deadline,
    HoursBefore,
    MonthDay,
    WeekdayBefore,
    WeekdayLimit,
    Window,
    Windows,
    WorkingDaysBefore,
)
from services.chassis.clock import PARIS
from services.reservations.model.deadlines import at_paris, deadline
from services.reservations.model.school_calendar import SchoolCalendar
from services.reservations.model.town_calendar import TownCalendar
from tests.unit.reservations.builders import TOWN, ZONE_B

LUNCH = time(11, 45)

CRUAS_CARE = WorkingDaysBefore(days=2, at="12:00")
CRUAS_WEDNESDAY = WeekdayBefore(weekday=4, at="12:00")
VEYRAS_CANTEEN = WeekdayBefore(weekday=2, at="23:59")
VEYRAS_CARE = CalendarDaysBefore(days=1, at="18:00")
VEYRAS_EXTRA = CalendarDaysBefore(days=1, at="17:00")
VAILHAUQUES = ByWeekday(
    limits=(
        WeekdayLimit(session_weekday=1, weekday=5, weeks=1, at="09:00"),
        WeekdayLimit(session_weekday=2, weekday=5, weeks=1, at="09:00"),
        WeekdayLimit(session_weekday=4, weekday=2, at="09:00"),
        WeekdayLimit(session_weekday=5, weekday=2, at="09:00"),
    )
)
MOLLEGES = WeekdayBefore(weekday=5, at="12:00")
BOISEMONT = WeekdayBefore(weekday=4, at="09:00")
ERAGNY_TERM = HoursBefore(hours=72)
# Fifteen clear days: neither the day of booking nor the day itself.
ERAGNY_HOLIDAYS = CalendarDaysBefore(days=16, at="23:59")
SAINT_CYPRIEN = WeekdayBefore(weekday=2, at="23:00")
MALGUENAC_CANTEEN = WorkingDaysBefore(days=2, at="23:59")
MALGUENAC_CARE = WorkingDaysBefore(days=1, at="23:59")
PLUMAUGAT = WeekdayBefore(weekday=6, at="12:00")
VIGNEUX = WeekdayBefore(weekday=4, at="23:59")
ILLKIRCH_BOOK = WorkingDaysBefore(days=15, at="23:59")
ILLKIRCH_CANCEL = WorkingDaysBefore(days=16, at="23:59")
INFO_JEUNESSE_LATE = HoursBefore(hours=48)
MONTHLY = MonthDay(day=20, at="23:59")
SUMMER = Windows(
    windows=(
        Window(
            first=date(2027, 7, 1),
            last=date(2027, 7, 31),
            opens=datetime(2027, 6, 1, 0, 0, tzinfo=PARIS),
            closes=datetime(2027, 6, 20, 23, 59, tzinfo=PARIS),
        ),
    )
)


def until(rule: Deadline, session: str, starts: time = LUNCH, town: TownCalendar = TOWN) -> str:
    day = date.fromisoformat(session)
    local = deadline(rule, day, at_paris(day, starts), town).astimezone(PARIS)
    return f"{local:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("rule", "session", "limit"),
    [
        # Cruas: J-2 at noon, the weekend not counted, Wednesday counted.
        (CRUAS_CARE, "2026-11-30", "2026-11-26 12:00"),
        (CRUAS_CARE, "2026-12-01", "2026-11-27 12:00"),
        (CRUAS_CARE, "2026-11-26", "2026-11-24 12:00"),
        (CRUAS_CARE, "2026-11-27", "2026-11-25 12:00"),
        (CRUAS_WEDNESDAY, "2026-12-02", "2026-11-26 12:00"),
        # Veyras.
        (VEYRAS_CANTEEN, "2026-11-30", "2026-11-24 23:59"),
        (VEYRAS_CANTEEN, "2026-12-04", "2026-11-24 23:59"),
        (VEYRAS_CARE, "2026-11-27", "2026-11-26 18:00"),
        (VEYRAS_CARE, "2026-11-30", "2026-11-29 18:00"),
        (VEYRAS_EXTRA, "2026-11-27", "2026-11-26 17:00"),
        # Vailhauquès: Mondays and Tuesdays until Friday, Thursdays and Fridays until Tuesday.
        (VAILHAUQUES, "2026-11-30", "2026-11-27 09:00"),
        (VAILHAUQUES, "2026-12-01", "2026-11-27 09:00"),
        (VAILHAUQUES, "2026-12-03", "2026-12-01 09:00"),
        (VAILHAUQUES, "2026-12-04", "2026-12-01 09:00"),
        (VAILHAUQUES, "2026-12-02", "2026-12-02 11:45"),
        # Mollégès, Boisemont, Saint-Cyprien: a day of the week before, for the whole week.
        (MOLLEGES, "2026-11-30", "2026-11-27 12:00"),
        (MOLLEGES, "2026-12-04", "2026-11-27 12:00"),
        (BOISEMONT, "2026-11-30", "2026-11-26 09:00"),
        (BOISEMONT, "2026-12-04", "2026-11-26 09:00"),
        (SAINT_CYPRIEN, "2026-12-01", "2026-11-24 23:00"),
        # Éragny: 72 hours in term, fifteen clear days for the holidays.
        (ERAGNY_TERM, "2026-11-27", "2026-11-24 11:45"),
        (ERAGNY_TERM, "2026-11-30", "2026-11-27 11:45"),
        (ERAGNY_HOLIDAYS, "2026-12-21", "2026-12-05 23:59"),
        # Malguénac: two days, one day.
        (MALGUENAC_CANTEEN, "2026-12-01", "2026-11-27 23:59"),
        (MALGUENAC_CARE, "2026-11-30", "2026-11-27 23:59"),
        # Plumaugat: Saturday noon for the Wednesday; Vigneux: the Thursday before.
        (PLUMAUGAT, "2026-12-02", "2026-11-28 12:00"),
        (VIGNEUX, "2026-12-01", "2026-11-26 23:59"),
        # Illkirch: 15 working days to book, 16 to cancel.
        (ILLKIRCH_BOOK, "2026-12-18", "2026-11-27 23:59"),
        (ILLKIRCH_CANCEL, "2026-12-18", "2026-11-26 23:59"),
        (INFO_JEUNESSE_LATE, "2026-12-21", "2026-12-19 11:45"),
        # Until the 20th for the whole month after; in June for July.
        (MONTHLY, "2026-12-01", "2026-11-20 23:59"),
        (MONTHLY, "2027-01-29", "2026-12-20 23:59"),
        (SUMMER, "2027-07-05", "2027-06-20 23:59"),
    ],
)
def test_the_limit_of_a_session_in_a_real_town(rule: Deadline, session: str, limit: str) -> None:
    assert until(rule, session) == limit


@pytest.mark.parametrize(
    ("rule", "session", "limit"),
    [
        # Back to winter time on Sunday 25 October 2026.
        (CRUAS_CARE, "2026-10-26", "2026-10-22 12:00"),
        (VEYRAS_CANTEEN, "2026-10-26", "2026-10-20 23:59"),
        (VAILHAUQUES, "2026-10-26", "2026-10-23 09:00"),
        (ERAGNY_TERM, "2026-10-26", "2026-10-23 12:45"),
        # To summer time on Sunday 28 March 2027; Easter Monday follows it.
        (CRUAS_CARE, "2027-03-30", "2027-03-25 12:00"),
        (VEYRAS_CARE, "2027-03-29", "2027-03-28 18:00"),
        (SAINT_CYPRIEN, "2027-03-30", "2027-03-23 23:00"),
        (ERAGNY_TERM, "2027-03-30", "2027-03-27 10:45"),
    ],
)
def test_both_clock_changes(rule: Deadline, session: str, limit: str) -> None:
    assert until(rule, session) == limit


@pytest.mark.parametrize(
    ("holiday", "name", "session", "limit"),
    [
        ("2026-05-25", "Lundi de Pentecôte", "2026-05-26", "2026-05-21"),  # a Monday
        ("2026-07-14", "Fête nationale", "2026-07-15", "2026-07-10"),  # a Tuesday
        ("2026-11-11", "Armistice", "2026-11-12", "2026-11-09"),  # a Wednesday
        ("2027-11-11", "Armistice", "2027-11-12", "2027-11-09"),  # a Thursday
        ("2026-12-25", "Noël", "2026-12-28", "2026-12-23"),  # a Friday
        ("2026-08-15", "Assomption", "2026-08-17", "2026-08-13"),  # a Saturday
        ("2026-11-01", "Toussaint", "2026-11-02", "2026-10-29"),  # a Sunday
        # Two in one week, and around Christmas and New Year.
        ("2026-05-08", "Fête de la Victoire", "2026-05-11", "2026-05-06"),
        ("2027-01-01", "Jour de l’an", "2027-01-04", "2026-12-30"),
        # The bridge of Ascension counts, for it is no public holiday; Ascension does not.
        ("2027-05-06", "Ascension", "2027-05-10", "2027-05-05"),
        ("2028-05-25", "Ascension", "2028-05-29", "2028-05-24"),
    ],
)
def test_two_working_days_around_a_public_holiday_of_each_weekday(
    holiday: str, name: str, session: str, limit: str
) -> None:
    assert (ZONE_B.holiday(date.fromisoformat(holiday)) or "").startswith(name)
    assert until(CRUAS_CARE, session) == f"{limit} 12:00"


@pytest.mark.parametrize("offset", range(7))
def test_a_weekday_of_the_week_before_does_not_care_for_public_holidays(offset: int) -> None:
    monday = date(2026, 11, 9)  # the week of Armistice
    session = (monday + timedelta(days=offset)).isoformat()
    assert until(CRUAS_WEDNESDAY, session) == "2026-11-05 12:00"


def test_a_bridge_day_of_the_schools_can_be_left_out_of_the_count() -> None:
    rule = WorkingDaysBefore(
        days=2, at="12:00", not_counted=("saturday", "sunday", "public_holiday", "school_holiday")
    )
    # Monday 10 May 2027: Friday 7 is the bridge, Thursday 6 Ascension.
    assert until(rule, "2027-05-10") == "2027-05-04 12:00"


def test_good_friday_is_not_counted_in_alsace_moselle() -> None:
    strasbourg = TownCalendar(SchoolCalendar("B", ZONE_B.years, alsace_moselle=True))
    # Easter Monday 29 March 2027, Good Friday 26.
    assert until(CRUAS_CARE, "2027-03-30") == "2027-03-25 12:00"
    assert until(CRUAS_CARE, "2027-03-30", town=strasbourg) == "2027-03-24 12:00"
