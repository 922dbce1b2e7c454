"""How often one may try: the family is not locked out by whoever tries its login."""

from datetime import UTC, datetime, timedelta

import pytest

from services.accounts.model.throttling import (
    ALLOWANCES,
    QUIET,
    Client,
    Tally,
    bucket,
    device_token,
    known_device,
    longest_wait,
    network_of,
    sign_in_buckets,
)
from services.chassis.sealing import Secrets

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRETS = Secrets(b"k" * 32)
LOGIN = b"d" * 32


def wait_after(failures: int, passed: timedelta = timedelta(0)) -> timedelta:
    return ALLOWANCES["login"].wait(Tally(failures, NOW), NOW + passed)


def test_the_first_attempts_are_free() -> None:
    assert wait_after(9) == timedelta(0)


def test_each_further_attempt_waits_twice_as_long_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_after(n).total_seconds() for n in (10, 11, 12, 13)] == [30, 60, 120, 240]
    assert wait_after(40) == timedelta(minutes=15)


def test_once_the_wait_is_over_one_more_attempt_is_allowed() -> None:
    assert wait_after(10, timedelta(seconds=30)) <= timedelta(0)


def test_after_a_quiet_hour_everything_starts_afresh() -> None:
    login = bucket("login", "a")
    assert login.counted(Tally(50, NOW), NOW + QUIET).failures == 1
    assert login.counted(Tally(50, NOW), NOW + QUIET / 2).failures == 51


def test_a_network_that_many_share_is_forgiven_by_and_by() -> None:
    network = bucket("address", "192.0.2.1")
    assert network.counted(Tally(50, NOW), NOW + timedelta(minutes=20)).failures == 31
    full = Tally(100, NOW)
    assert network.allowance.wait(full, NOW) == timedelta(seconds=30)
    assert network.allowance.wait(full, NOW + timedelta(minutes=1)) <= timedelta(0)


def test_the_strictest_bucket_decides() -> None:
    login, address = bucket("login", "a"), bucket("address", "192.0.2.1")
    tallies = [(login, Tally(3, NOW)), (address, Tally(101, NOW))]
    assert longest_wait(tallies, NOW) == timedelta(seconds=60)


def test_a_browser_that_came_in_before_is_judged_by_itself() -> None:
    token = device_token(SECRETS, LOGIN)
    (own,) = sign_in_buckets(SECRETS, LOGIN, Client("192.0.2.1", device_token=token))
    strangers = sign_in_buckets(SECRETS, LOGIN, Client("192.0.2.1"))
    assert own.kind == "device"
    assert own not in strangers
    assert [found.kind for found in strangers] == ["login", "address"]


def test_a_known_browser_keeps_its_token() -> None:
    token = device_token(SECRETS, LOGIN)
    assert device_token(SECRETS, LOGIN, token) == token
    assert device_token(SECRETS, LOGIN) != token


@pytest.mark.parametrize("token", ["", "a", "é", "====", "A" * 64, "x" * 5000])
def test_a_forged_device_token_makes_a_stranger(token: str) -> None:
    assert known_device(SECRETS, LOGIN, token) is None


def test_a_device_token_is_of_one_login_and_one_key() -> None:
    token = device_token(SECRETS, LOGIN)
    assert known_device(SECRETS, b"e" * 32, token) is None
    assert known_device(Secrets(b"x" * 32), LOGIN, token) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_a_subscriber_is_one_network_however_many_addresses_it_has(
    address: str, network: str
) -> None:
    assert network_of(address) == network


def test_buckets_keep_no_value() -> None:
    assert b"192.0.2.1" not in bucket("address", "192.0.2.1").digest
    assert bucket("login", "a").digest != bucket("reset", "a").digest
