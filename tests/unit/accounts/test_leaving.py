"""When a family has left."""

from datetime import date

import pytest

from services.accounts.model.leaving import end_of_school_year, months_before


@pytest.mark.parametrize(
    ("label", "end"),
    [("2026-2027", date(2027, 8, 31)), ("2026", None), ("l’an prochain", None), ("", None)],
)
def test_a_school_year_ends_with_august(label: str, end: date | None) -> None:
    assert end_of_school_year(label) == end


def test_families_leave_by_the_month() -> None:
    assert months_before(date(2026, 11, 25), 24) == date(2024, 11, 1)
    assert months_before(date(2026, 1, 31), 1) == date(2025, 12, 1)
