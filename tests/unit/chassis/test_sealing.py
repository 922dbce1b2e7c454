"""What a service seals opens for its owner alone."""

from uuid import uuid4

import pytest

from services.chassis.sealing import SealBroken, Secrets

SECRETS = Secrets(b"k" * 32)
OWNER = uuid4()


def test_what_is_sealed_opens_for_its_owner() -> None:
    sealed = SECRETS.seal("second-factor", OWNER, "JBSWY3DPEHPK3PXP")
    assert b"JBSWY3DP" not in sealed
    assert SECRETS.open("second-factor", OWNER, sealed) == "JBSWY3DPEHPK3PXP"


def test_the_same_text_is_never_sealed_the_same_twice() -> None:
    assert SECRETS.seal("identity", OWNER, "a") != SECRETS.seal("identity", OWNER, "a")


def test_a_secret_copied_to_another_account_does_not_open() -> None:
    sealed = SECRETS.seal("second-factor", OWNER, "a")
    with pytest.raises(SealBroken):
        SECRETS.open("second-factor", uuid4(), sealed)


def test_another_key_or_purpose_or_an_altered_byte_opens_nothing() -> None:
    sealed = SECRETS.seal("second-factor", OWNER, "a")
    altered = sealed[:-1] + bytes([sealed[-1] ^ 1])
    attempts: list[tuple[Secrets, str, bytes]] = [
        (Secrets(b"x" * 32), "second-factor", sealed),
        (SECRETS, "identity", sealed),
        (SECRETS, "second-factor", altered),
        (SECRETS, "second-factor", b"\x02" + sealed[1:]),
        (SECRETS, "second-factor", b""),
    ]
    for box, purpose, content in attempts:
        with pytest.raises(SealBroken):
            box.open(purpose, OWNER, content)


def test_proofs_differ_by_purpose_and_content() -> None:
    made = {
        SECRETS.proof("device", b"a"),
        SECRETS.proof("device", b"b"),
        SECRETS.proof("recovery-code", b"a"),
    }
    assert len(made) == 3
