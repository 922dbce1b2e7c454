"""What the demo town publishes are real documents, valid on the day of the demo."""

from datetime import date

import pytest

from deploy.demo.handouts import handouts


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2026, 12, 31), date(2028, 2, 29)])
def test_every_handout_is_valid_on_the_day(today: date) -> None:
    for handout in handouts(today):
        assert handout.valid_from <= today
        assert handout.valid_until is None or today <= handout.valid_until
