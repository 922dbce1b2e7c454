"""Where a visitor comes from: proxies are believed, visitors are not."""

import pytest

from gateway.visitor import TrustedProxies, device_of

PROXIES = TrustedProxies("10.0.0.0/8, 2001:db8::1")


def test_without_trusted_proxies_the_peer_is_the_visitor() -> None:
    assert TrustedProxies("").client_address("192.0.2.1", ["203.0.113.9"]) == "192.0.2.1"


def test_a_trusted_proxy_says_who_the_visitor_is() -> None:
    assert PROXIES.client_address("10.1.2.3", ["203.0.113.9"]) == "203.0.113.9"
    assert PROXIES.client_address("2001:db8::1", ["2001:db8:9::7"]) == "2001:db8:9::7"


def test_what_the_visitor_wrote_further_left_is_not_believed() -> None:
    chain = ["1.2.3.4, 203.0.113.9, 10.9.9.9"]
    assert PROXIES.client_address("10.1.2.3", chain) == "203.0.113.9"
    assert PROXIES.client_address("10.1.2.3", ["1.2.3.4", "203.0.113.9"]) == "203.0.113.9"


def test_a_stranger_cannot_speak_for_somebody_else() -> None:
    assert PROXIES.client_address("198.51.100.1", ["203.0.113.9"]) == "198.51.100.1"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8:9::7]:4711", "2001:db8:9::7"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", ""),
        ("", ""),
        ("<script>", ""),
    ],
)
def test_addresses_are_read_in_every_form_proxies_write_them(written: str, read: str) -> None:
    assert PROXIES.client_address("10.1.2.3", [written]) == read


def test_a_setting_that_is_no_network_stops_the_gateway() -> None:
    with pytest.raises(ValueError, match="proxy"):
        TrustedProxies("proxy.example")


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/130.0 Mobile Safari/537.36",
            "Chrome sur Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari sur iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 "
            "Safari/537.36 Edg/130.0",
            "Edge sur Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
         "Firefox sur Linux"),
        ("curl/8.5.0", "Programme curl"),
        ("", "Appareil inconnu"),
        ("<script>alert(1)</script>", "Appareil inconnu"),
    ],
)  # fmt: skip
def test_a_device_is_called_as_its_owner_would(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
