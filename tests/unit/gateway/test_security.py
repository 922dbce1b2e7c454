"""What browsers are told never to do."""

from gateway.security import content_security_policy, origin


def test_a_form_may_lead_to_the_payment_servers_origin_only() -> None:
    policy = content_security_policy(["https://paiement.example:8443/tpa/paiementws.web?x=1"])
    assert "form-action 'self' https://paiement.example:8443;" in policy


def test_nothing_inline_and_nothing_foreign() -> None:
    policy = content_security_policy(["https://paiement.example"])
    assert "unsafe" not in policy
    assert "*" not in policy
    for directive in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert directive in policy


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin("http://127.0.0.1:8088/payer?idop=1") == "http://127.0.0.1:8088"
    assert origin("//pirate.example") != origin("https://pirate.example")
