"""Days in French: the first of a month is « 1er », everywhere by the same words."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.french import day_number, day_numbers, long_date, weekday_date

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def test_the_first_of_a_month_is_an_ordinal() -> None:
    assert long_date(date(2026, 12, 1)) == "1er décembre 2026"
    assert weekday_date(date(2026, 12, 1)) == "mardi 1er décembre"
    assert day_numbers([3, 1, 5]) == "1er, 3 et 5"
    assert day_numbers([1]) == "1er"


@given(DAYS)
def test_only_the_first_is(day: date) -> None:
    assert ("1er" in long_date(day)) == (day.day == 1)
    assert ("1er" in weekday_date(day)) == (day.day == 1)
    assert long_date(day).split()[0] == day_number(day.day)


@given(DAYS)
def test_the_day_after_is_another_text(day: date) -> None:
    assert long_date(day) != long_date(day + timedelta(days=1))


@given(st.sets(st.integers(1, 31), min_size=1))
def test_days_of_a_month_are_told_in_their_order_and_none_is_lost(numbers: set[int]) -> None:
    told = day_numbers(numbers).replace(" et ", ", ").split(", ")
    assert told == [day_number(number) for number in sorted(numbers)]
