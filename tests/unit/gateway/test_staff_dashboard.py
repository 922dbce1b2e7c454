"""The staff's dashboard and the passage of classes: which day and which year they propose."""

from datetime import date, timedelta

import pytest

from gateway.pages.agents_accueil import next_weekday
from gateway.pages.agents_passage import is_due, next_school_year

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(("after", "ahead"), [(0, 1), (1, 3), (2, 2), (3, 1), (4, 1)])
def test_before_a_week_end_the_next_day_is_monday(after: int, ahead: int) -> None:
    day = THURSDAY + timedelta(days=after)
    assert next_weekday(day) == day + timedelta(days=ahead)


def test_the_passage_proposed_is_of_a_year_neither_begun_nor_done() -> None:
    assert next_school_year(date(2026, 11, 28)) == "2027-2028"
    assert next_school_year(date(2027, 6, 1)) == "2027-2028"
    assert next_school_year(date(2027, 6, 1), {"2027-2028"}) == "2028-2029"


def test_a_passage_done_in_june_is_not_due_again() -> None:
    assert is_due("2027-2028", date(2027, 6, 1))
    assert not is_due("2028-2029", date(2027, 6, 1))
    assert not is_due("2027-2028", date(2026, 11, 28))
