"""The same address may ask so often and no oftener."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.rates import Rate, TooOften

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_an_address_that_asks_too_often_must_wait_and_others_need_not() -> None:
    rate = Rate(3, 10 * MINUTE)
    for n in range(3):
        rate.count("192.0.2.1", NOON + n * MINUTE)
    with pytest.raises(TooOften, match="7 min"):
        rate.count("192.0.2.1", NOON + 3 * MINUTE)
    rate.count("192.0.2.2", NOON + 3 * MINUTE)
    rate.count("192.0.2.1", NOON + 10 * MINUTE)


def test_a_flood_of_addresses_keeps_memory_bounded() -> None:
    rate = Rate(3, MINUTE)
    for n in range(Rate.MOST_ADDRESSES + 500):
        rate.count(str(n), NOON)
    assert len(rate._asked) == Rate.MOST_ADDRESSES
