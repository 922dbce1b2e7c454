"""Periods that someone asks for."""

from datetime import date

import pytest

from services.reservations.errors import BadPeriod
from services.reservations.model.periods import Period

DAY = date(2026, 11, 23)


def test_both_days_are_part_of_it() -> None:
    assert list(Period.between(DAY, date(2026, 11, 25), longest=3).days()) == [
        DAY,
        date(2026, 11, 24),
        date(2026, 11, 25),
    ]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, DAY, "from"),
        (DAY, None, "to"),
        (DAY, date(2026, 11, 22), "to"),
        (DAY, date(2026, 11, 26), "to"),
    ],
)
def test_what_is_no_period_names_the_field(
    first: date | None, last: date | None, field: str
) -> None:
    with pytest.raises(BadPeriod) as refused:
        Period.between(first, last, longest=3)
    assert [error.field for error in refused.value.errors] == [field]
