"""At what time of the day reminders go out by themselves."""

from datetime import UTC, datetime

import pytest

from services.billing.model.recovery import is_time


@pytest.mark.parametrize(
    ("at", "come"),
    [
        (datetime(2026, 12, 1, 4, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 5, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 1, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 1, 23, 0, tzinfo=UTC), False),  # it is tomorrow in Paris
        (datetime(2026, 7, 1, 3, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 1, 4, 0, tzinfo=UTC), True),
        # The night in which the clocks go back: two o'clock comes twice, six once.
        (datetime(2026, 10, 25, 4, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 5, 0, tzinfo=UTC), True),
    ],
)
def test_the_hour_is_that_of_paris_summer_and_winter(at: datetime, *, come: bool) -> None:
    assert is_time(at, 6) is come
