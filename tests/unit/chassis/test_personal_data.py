"""How long what is kept is kept."""

from datetime import date

import pytest

from services.chassis.personal_data import Holding, Retention, after_months, months_of


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 11, 23), 120, date(2036, 11, 23)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_there_is(
    day: date, months: int, after: date
) -> None:
    assert after_months(day, months) == after


def test_the_town_may_keep_a_kind_of_data_otherwise() -> None:
    kept = Holding("a", "", "", "", (), retention=Retention(72, "", ""))
    assert months_of(kept, {}) == 72
    assert months_of(kept, {"a": 36}) == 36
    assert months_of(Holding("b", "", "", "", ()), {"b": 36}) is None
