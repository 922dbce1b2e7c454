"""Session tokens: believed by signature, until they expire."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.roles import AGENT, GUARDIAN
from gateway.session import SessionReader
from services.chassis.auth import encode_key
from services.chassis.errors import Unauthorised

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
READER = SessionReader(encode_key(KEY.public_key().public_bytes_raw()))
FAMILY = uuid4()


def token(key: Any = KEY, algorithm: str = "EdDSA", **changes: Any) -> str:
    claims = {
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "fam": str(FAMILY),
        "roles": [GUARDIAN],
        "name": "Camille Le Goff",
        "mcp": False,
        "exp": NOW + timedelta(hours=12),
    }
    changed = {name: value for name, value in (claims | changes).items() if value is not ...}
    return jwt.encode(changed, key, algorithm=algorithm)


def test_a_guardians_token_names_the_family() -> None:
    session = READER.read(token(), NOW)
    assert session.family_id == FAMILY
    assert session.has(GUARDIAN)
    assert not session.is_staff
    assert session.caller.session_id == session.session_id


def test_a_staff_token_needs_no_family() -> None:
    session = READER.read(token(roles=[AGENT], fam=None), NOW)
    assert session.is_staff
    assert session.family_id is None


def test_a_token_is_refused_from_the_second_it_expires() -> None:
    good = token()
    assert READER.read(good, NOW + timedelta(hours=11, minutes=59))
    with pytest.raises(Unauthorised, match="expiré"):
        READER.read(good, NOW + timedelta(hours=12))


def test_a_guardian_without_a_family_is_nobody() -> None:
    with pytest.raises(Unauthorised):
        READER.read(token(fam=None), NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"sid": "not a uuid"},
        {"sub": 12},
        {"roles": None},
        {"fam": 3},
        {"exp": ...},
        {"sid": ...},
        {"roles": ...},
    ],
)
def test_a_token_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthorised):
        READER.read(token(**changes), NOW)


def test_another_keys_token_is_refused() -> None:
    with pytest.raises(Unauthorised):
        READER.read(token(Ed25519PrivateKey.generate()), NOW)


def test_the_public_key_used_as_a_shared_secret_is_refused() -> None:
    secret = encode_key(KEY.public_key().public_bytes_raw())
    with pytest.raises(Unauthorised):
        READER.read(token(secret, "HS256"), NOW)


@pytest.mark.parametrize("text", ["", "a", "a.b.c", "é", "\udcff", "x" * 100_000])
def test_no_other_text_is_a_token(text: str) -> None:
    with pytest.raises(Unauthorised):
        READER.read(text, NOW)


def test_an_unsigned_token_is_refused() -> None:
    with pytest.raises(Unauthorised):
        READER.read(token(None, "none"), NOW)


def test_identifiers_are_read_as_such() -> None:
    session_id = uuid4()
    assert READER.read(token(sid=str(session_id)), NOW).session_id == UUID(str(session_id))
