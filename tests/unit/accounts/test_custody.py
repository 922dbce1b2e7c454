"""Where a child in two homes is on a day."""

from datetime import date, timedelta
from uuid import UUID

from services.accounts.model.custody import Alternation, Custody, Span, Stay, spans

MOTHER, FATHER = UUID(int=1), UUID(int=2)
FRIDAY = 5
WEEKS = Custody(Alternation(even_home=MOTHER, odd_home=FATHER, change_weekday=FRIDAY))


def test_a_week_lasts_from_its_change_day_to_the_next() -> None:
    # 27 November 2026 is the Friday of week 48.
    changed = date(2026, 11, 27)
    homes = [WEEKS.home_on(changed + timedelta(days=n)) for n in range(-1, 8)]
    assert homes == [FATHER, *[MOTHER] * 7, FATHER]


def test_after_a_week_53_the_home_of_odd_weeks_has_two_in_a_row() -> None:
    mondays = Custody(Alternation(even_home=MOTHER, odd_home=FATHER))
    days = [date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 11)]  # weeks 53, 1, 2
    assert [mondays.home_on(day) for day in days] == [FATHER, FATHER, MOTHER]


def test_every_day_of_ten_years_is_in_one_home() -> None:
    days = (date(2020, 1, 1) + timedelta(days=n) for n in range(3653))
    assert {WEEKS.home_on(day) for day in days} == {MOTHER, FATHER}


def test_a_stay_by_date_goes_before_the_weeks_both_its_ends_included() -> None:
    holidays = Stay(FATHER, date(2026, 11, 28), date(2026, 11, 30))
    calendar = Custody(WEEKS.alternation, (holidays,))
    homes = [calendar.home_on(date(2026, 11, day)) for day in (27, 28)]
    assert [*homes, calendar.home_on(date(2026, 12, 1))] == [MOTHER, FATHER, MOTHER]


def test_a_day_that_no_stay_holds_is_nobodys_without_weeks() -> None:
    calendar = Custody(stays=(Stay(MOTHER, date(2026, 7, 1), date(2026, 7, 15)),))
    assert calendar.home_on(date(2026, 7, 15)) == MOTHER
    assert calendar.home_on(date(2026, 7, 16)) is None


def test_two_stays_that_claim_one_day_are_found() -> None:
    first = Stay(MOTHER, date(2026, 7, 1), date(2026, 7, 15))
    second = Stay(FATHER, date(2026, 7, 15), date(2026, 7, 31))
    assert Custody(stays=(second, first)).overlapping() == (first, second)
    assert Custody(stays=(first,)).overlapping() is None


def test_a_period_is_told_home_by_home_and_is_cut_at_its_ends() -> None:
    first, last = date(2026, 11, 25), date(2026, 12, 8)
    assert spans(WEEKS, first, last) == [
        Span(FATHER, first, date(2026, 11, 26)),
        Span(MOTHER, date(2026, 11, 27), date(2026, 12, 3)),
        Span(FATHER, date(2026, 12, 4), last),
    ]


def test_days_of_which_the_calendar_says_nothing_are_in_no_span() -> None:
    stay = Stay(MOTHER, date(2026, 7, 5), date(2026, 7, 15))
    first, last = date(2026, 7, 1), date(2026, 7, 31)
    assert spans(Custody(stays=(stay,)), first, last) == [Span(MOTHER, stay.first, stay.last)]
