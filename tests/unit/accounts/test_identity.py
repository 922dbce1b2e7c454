"""Which guardian somebody from FranceConnect may be."""

import pytest

from services.accounts.model.identity import Identity, challenge, identity_of


def person(given: str, family: str, usage: str = "") -> Identity:
    return Identity("https://fc.example", "s", given, family, usage, "proof")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Anne", "Le Goff"),
        ("ANNE", "LE GOFF"),
        ("Anne Marie", "Le Goff"),
        ("Marie", "le goff"),
        ("Anne", "Kerbrat"),
    ],
)
def test_a_guardian_is_recognised_however_the_name_is_spelt(first: str, last: str) -> None:
    assert person("Anne Marie", "Le Goff", "Kerbrat").is_guardian(first, last)


@pytest.mark.parametrize(
    ("first", "last"),
    [("Yann", "Le Goff"), ("Anne", "Le Bihan"), ("", ""), ("Anne", ""), ("", "Le Goff")],
)
def test_somebody_else_is_not(first: str, last: str) -> None:
    assert not person("Anne Marie", "Le Goff").is_guardian(first, last)


def test_accents_and_hyphens_make_no_other_person() -> None:
    assert person("Maëlys", "Évain-Le Bris").is_guardian("MAELYS", "EVAIN LE BRIS")


def test_an_identity_without_names_is_nobody() -> None:
    assert not person("", "").is_guardian("", "")
    assert not person("", "").is_guardian("Anne", "Le Goff")


def test_an_identity_survives_being_written() -> None:
    identity = person("Anne", "Le Goff", "Kerbrat")
    assert identity_of(identity.text()) == identity


def test_the_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
