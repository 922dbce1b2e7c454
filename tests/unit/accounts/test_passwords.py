"""Passwords and access codes: what may be chosen, what fits."""

import base64
from datetime import UTC, datetime
from uuid import uuid4

import jwt
import pyotp
import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from services.accounts.model import codes, passwords
from services.accounts.model.issuing import Recipient, wanted_logins
from services.accounts.model.second_factor import totp_step
from services.accounts.model.signing_in import login_digest, normal_login
from services.accounts.model.tokens import Session, SessionSigner
from services.accounts.settings import LEAST_PASSWORD_MEMORY_KIB

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "password",
    [
        "Cantine-2026",
        "merci-les-2-agents",
        "Une Phrase Assez Longue",
        "sept mots que personne hors nous deux devine",
    ],
)
def test_a_password_of_enough_kinds_and_length_may_be_chosen(password: str) -> None:
    assert passwords.weakness(password, "anne@exemple.fr") is None


@pytest.mark.parametrize(
    "password",
    [
        "Court-2026a",
        "cantine-2026",
        "cantinecantine",
        "CANTINE2026",
        "Cantine2026",
        "x" * 129,
        "Password123!",
        "Azerty!2026+7",
        "six mots que personne devine donc",
        "mot mot mot mot mot mot mot mot",
        "a b c d e f g h i j k l m n o p",
    ],
)
def test_a_password_too_easy_to_guess_may_not(password: str) -> None:
    assert passwords.weakness(password, "anne@exemple.fr")


def test_the_login_is_no_password() -> None:
    assert "identifiant" in (passwords.weakness("Anne.Dupont-2026", "anne.dupont-2026@x.fr") or "")


@given(st.text(max_size=11))
def test_nothing_shorter_than_twelve_characters_may_be_chosen(password: str) -> None:
    assert passwords.weakness(password, "dupont-1234") is not None


def test_a_password_fits_however_its_accents_were_typed() -> None:
    kept = passwords.hash_password("Été-à-Pontivy-56", LEAST_PASSWORD_MEMORY_KIB)
    assert passwords.matches(
        kept,
        "E\u0301te\u0301-a\u0300-Pontivy-56",
        temporary=False,
        memory_kib=LEAST_PASSWORD_MEMORY_KIB,
    )
    assert not passwords.matches(
        kept, "Ete-a-Pontivy-56", temporary=False, memory_kib=LEAST_PASSWORD_MEMORY_KIB
    )


def test_nothing_fits_an_unknown_login() -> None:
    assert not passwords.matches(
        None, "nobody has this password", temporary=False, memory_kib=LEAST_PASSWORD_MEMORY_KIB
    )


def test_a_refusal_costs_a_whole_check_whoever_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that the time it takes tells nothing about the login."""
    verify = PasswordHasher.verify
    checked: list[str] = []

    def noted(hasher: PasswordHasher, hashed: str, password: str) -> bool:
        checked.append(hashed)
        return verify(hasher, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    (code,) = codes.prepare_codes(1, bytes(PrivateKey.generate().public_key))
    chosen = passwords.hash_password("Une-Phrase-12!", LEAST_PASSWORD_MEMORY_KIB)
    for kept, temporary in ((None, False), (code.password_hash, True), (chosen, False)):
        checked.clear()
        assert not passwords.matches(
            kept, "x", temporary=temporary, memory_kib=LEAST_PASSWORD_MEMORY_KIB
        )
        assert sum(f"m={LEAST_PASSWORD_MEMORY_KIB}," in hashed for hashed in checked) == 1


def test_a_damaged_hash_fits_nothing() -> None:
    assert not passwords.matches(
        "$argon2id$broken", "x", temporary=False, memory_kib=LEAST_PASSWORD_MEMORY_KIB
    )


def test_a_code_is_sealed_for_its_reader_and_fits_as_it_is_printed() -> None:
    reader = PrivateKey.generate()
    (prepared,) = codes.prepare_codes(1, bytes(reader.public_key))
    printed = SealedBox(reader).decrypt(base64.b64decode(prepared.sealed)).decode()
    assert len(printed.replace("-", "")) == codes.LENGTH
    for typed in (printed, printed.replace("-", ""), printed.lower(), f" {printed} "):
        assert passwords.matches(
            prepared.password_hash, typed, temporary=True, memory_kib=LEAST_PASSWORD_MEMORY_KIB
        )
    assert not passwords.matches(
        prepared.password_hash, printed[:-1], temporary=True, memory_kib=LEAST_PASSWORD_MEMORY_KIB
    )


def test_codes_hold_no_sign_that_is_mistaken_for_another() -> None:
    drawn = [codes.new_code() for _ in range(500)]
    assert len(set(drawn)) == len(drawn)
    for code in drawn:
        assert len(code) == codes.LENGTH
        assert set(code) <= set(codes.ALPHABET) - set("01IO")


@given(st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH))
def test_a_code_is_read_back_as_it_was_printed(code: str) -> None:
    assert codes.as_typed_code(codes.printed(code)) == code


def recipient(last_name: str, mail: str | None = None, login: str | None = None) -> Recipient:
    return Recipient(uuid4(), uuid4(), last_name, mail, uuid4() if login else None, login)


def test_the_mail_address_is_the_login_where_there_is_one() -> None:
    (named,) = wanted_logins([recipient("Dupont", "a@exemple.fr")], set())
    assert (named.login, named.channel) == ("a@exemple.fr", "mail")


def test_a_mail_address_that_two_families_share_is_the_login_of_one() -> None:
    first, second = wanted_logins([recipient("Dupont", "a@exemple.fr")] * 2, set())
    assert first.login == "a@exemple.fr"
    assert second.login is not None
    assert second.login.startswith("dupont-")
    assert second.channel == "mail"


def test_a_generated_login_is_drawn_until_it_is_free() -> None:
    draws = iter(["le-goff-1111", "le-goff-1111", "le-goff-2222"])
    named = wanted_logins([recipient("Le Goff")] * 2, set(), lambda _name: next(draws))
    assert [r.login for r in named] == ["le-goff-1111", "le-goff-2222"]


def test_an_account_keeps_its_login() -> None:
    (named,) = wanted_logins([recipient("Dupont", "new@exemple.fr", "dupont-1234")], set())
    assert named.login == "dupont-1234"


@pytest.mark.parametrize(
    ("last_name", "stem"),
    [
        ("D’Évain Le Goff", "d-evain-le-goff"),
        ("Œuvrard", "oeuvrard"),
        ("李", "famille"),
        ("-", "famille"),
    ],
)
def test_a_generated_login_can_be_typed_on_any_keyboard(last_name: str, stem: str) -> None:
    login, _, number = codes.generated_login(last_name).rpartition("-")
    assert login == stem
    assert len(number) == 4


def test_a_login_is_the_same_however_it_is_written() -> None:
    assert normal_login("  Anne@Exemple.FR ") == "anne@exemple.fr"
    assert login_digest("Anne@exemple.fr ") == login_digest("anne@exemple.fr")


SECRET = pyotp.random_base32()


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_code_passes_one_step_early_or_late(seconds: int) -> None:
    code = pyotp.TOTP(SECRET).at(int(NOW.timestamp()) + seconds)
    assert totp_step(SECRET, code, NOW, after=0) is not None


@pytest.mark.parametrize("seconds", [-90, 90])
def test_an_older_or_later_code_does_not(seconds: int) -> None:
    code = pyotp.TOTP(SECRET).at(int(NOW.timestamp()) + seconds)
    assert totp_step(SECRET, code, NOW, after=0) is None


def test_a_code_passes_once() -> None:
    code = pyotp.TOTP(SECRET).at(NOW)
    step = totp_step(SECRET, code, NOW, after=0)
    assert step is not None
    assert totp_step(SECRET, code, NOW, after=step) is None


def test_a_session_token_says_who_signed_in() -> None:
    key = Ed25519PrivateKey.generate()
    session = Session(uuid4(), uuid4(), uuid4(), ("guardian",), "Anne LE GOFF", True, NOW)
    token = SessionSigner(key.private_bytes_raw()).sign(session)
    claims = jwt.decode(token, key.public_key(), ["EdDSA"], options={"verify_exp": False,
                        "verify_iat": False})  # fmt: skip
    assert claims["sub"] == str(session.account_id)
    assert claims["fam"] == str(session.family_id)
    assert claims["roles"] == ["guardian"]
    assert claims["mcp"] is True
    assert claims["exp"] - claims["iat"] == 12 * 3600
